import { z } from 'zod';
import { EngineId, TruthTable } from '../../contract/engines.ts';
import written from './truth-table.json' with { type: 'json' };

// Written and compared by truth-table.test.ts, which tries every statement on every database that it can start.
const tables = z.partialRecord(EngineId, TruthTable).parse(written);

/** What an engine's session stops by itself; nothing is claimed where no server has been at hand to try it. */
export const truthTableOf = (engine: EngineId): TruthTable => tables[engine] ?? { tried: null, logins: [], trials: [] };
