import type { ReactNode } from 'react';
import type { Connection } from '../../../contract/connections.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useEngines } from '../databases/engine-mark.tsx';
import { EngineTraits } from '../engines/engine-traits.tsx';
import { WhatItStops } from '../engines/what-it-stops.tsx';
import { PrivilegeCard } from '../registration/privilege-card.tsx';
import { AcknowledgeExcess } from './acknowledge-excess.tsx';

function Block({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="min-w-0">
      <h2 className="mb-2 font-semibold">{title}</h2>
      {children}
    </section>
  );
}

/** What stands between a question and the data: the credential, the database itself, and what holds of its kind. */
export function AccessTab({ connection }: { connection: Connection }) {
  const engine = useEngines().find(({ id }) => id === connection.dbType);
  const { privileges, server } = connection;
  if (!engine) return <Skeleton className="h-64" />;
  return (
    <div className="max-w-5xl space-y-8">
      {privileges && (
        <Block title="What its credential can do">
          <PrivilegeCard privileges={privileges} />
          <AcknowledgeExcess connection={connection} />
        </Block>
      )}
      <Block title="What the database stops by itself">
        <div className="card p-4">
          <WhatItStops engine={engine} server={server && `${server.product} ${server.version}`} />
        </div>
      </Block>
      <Block title={`What to know of ${engine.label}`}>
        <div className="card p-4">
          <EngineTraits engine={engine} />
        </div>
      </Block>
    </div>
  );
}
