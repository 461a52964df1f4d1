import { nextTurn } from '../../platform/turns.ts';

/** Bytes of an answer that are read between two pauses. */
const pieceBytes = 96 * 1024;

/** Has whoever reads a large answer pause now and then, so that others are served between. */
export class Pace {
  readonly #go: () => void;
  #since = 0;
  #resting = false;

  /** `go` is called when a pause is over. */
  constructor(go: () => void) {
    this.#go = go;
  }

  /** Whether this is a pause. */
  get resting(): boolean {
    return this.#resting;
  }

  /** Counts what came; whether it is time for a pause. */
  took(bytes: number): boolean {
    this.#since += bytes;
    if (this.#resting || this.#since < pieceBytes) return this.#resting;
    this.#since = 0;
    this.#resting = true;
    void nextTurn().then(() => {
      this.#resting = false;
      this.#go();
    });
    return true;
  }
}
