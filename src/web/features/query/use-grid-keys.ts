import { type KeyboardEvent, useCallback, useRef, useState } from 'react';
import { notify } from '../../ui/notices.tsx';

/** A cell by its row and column, from 0. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

interface Grid {
  readonly rows: number;
  readonly columns: number;
  /** Brings a cell into sight. */
  readonly show: (place: Place) => void;
  readonly textOf: (place: Place) => string;
}

const PAGE = 15;

/** The chosen cell of a grid, moved by the keys that move it in any grid; Ctrl or ⌘ with C copies it. */
export function useGridKeys(grid: Grid) {
  const { rows, columns, textOf } = grid;
  const [chosen, setChosen] = useState<Place | null>(null);
  const latest = useRef(grid);
  latest.current = grid;
  // The same all along, so that rows which stay as they are need not be drawn again.
  const choose = useCallback((row: number, column: number) => {
    const { rows, columns, show } = latest.current;
    const place = { row: Math.max(0, Math.min(rows - 1, row)), column: Math.max(0, Math.min(columns - 1, column)) };
    setChosen(place);
    show(place);
  }, []);
  const copy = (place: Place) =>
    void navigator.clipboard.writeText(textOf(place)).then(
      () => notify('The cell is copied.'),
      () => notify('The browser does not let the page copy.', 'danger'),
    );

  const onKeyDown = (event: KeyboardEvent) => {
    const { row, column } = chosen ?? { row: 0, column: 0 };
    const far = event.ctrlKey || event.metaKey;
    if (far && event.key.toLowerCase() === 'c' && chosen && !window.getSelection()?.toString()) {
      event.preventDefault();
      copy(chosen);
      return;
    }
    const moves = new Map<string, readonly [number, number]>([
      ['ArrowDown', [far ? rows - 1 : row + 1, column]],
      ['ArrowUp', [far ? 0 : row - 1, column]],
      ['ArrowRight', [row, far ? columns - 1 : column + 1]],
      ['ArrowLeft', [row, far ? 0 : column - 1]],
      ['PageDown', [row + PAGE, column]],
      ['PageUp', [row - PAGE, column]],
      ['Home', [far ? 0 : row, 0]],
      ['End', [far ? rows - 1 : row, columns - 1]],
    ]);
    const to = moves.get(event.key);
    if (!to || event.altKey) return;
    event.preventDefault();
    choose(...(chosen ? to : ([0, 0] as const)));
  };
  return { chosen, choose, onKeyDown };
}
