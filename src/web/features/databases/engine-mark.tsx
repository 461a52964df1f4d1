import { useQuery } from '@tanstack/react-query';
import type { EngineDescription, EngineId } from '../../../contract/engines.ts';
import { ask } from '../../api.ts';
import { classes } from '../../ui/classes.ts';

/** The kinds of database, once they are known. */
export function useEngines(): readonly EngineDescription[] {
  return useQuery(ask.engines).data?.items ?? [];
}

/** Two letters on the engine's own hue. Its name stands beside it or is told to screen readers. */
export function EngineMark({ dbType, size = 'normal' }: { dbType: EngineId; size?: 'normal' | 'large' }) {
  const engine = useEngines().find(({ id }) => id === dbType);
  const hue = engine?.hue ?? 220;
  return (
    <span
      role="img"
      aria-label={engine?.label ?? dbType}
      title={engine?.label ?? dbType}
      className={classes(
        'grid shrink-0 place-items-center rounded-lg font-semibold tracking-tight',
        size === 'large' ? 'size-11 text-md' : 'size-9 text-sm',
      )}
      style={{
        background: `light-dark(oklch(0.94 0.035 ${hue}), oklch(0.3 0.06 ${hue}))`,
        color: `light-dark(oklch(0.4 0.11 ${hue}), oklch(0.88 0.07 ${hue}))`,
      }}
    >
      {engine?.mark ?? '··'}
    </span>
  );
}
