import type { Acknowledgement, Address, Credentials } from '../../contract/connections.ts';
import type { EngineId } from '../../contract/engines.ts';
import type { Engine, Login } from '../engines/engine.ts';
import { engineOf, takesLogin } from '../engines/registry.ts';
import { readConnectionString } from '../engines/strings.ts';
import type { Actor } from '../platform/actor.ts';
import { Fault } from '../platform/fault.ts';
import { parseInput } from '../platform/parse-input.ts';
import { acknowledged } from './acknowledged.ts';
import { type GivenLogin, refuseLogin, resolveLogin } from './resolve-login.ts';
import { resolveTunnel, type Through } from './resolve-tunnel.ts';
import { noLogin } from './seal-login.ts';

/** What a test, a registration or an edit says of where to go and how to get in. */
export interface TargetInput {
  readonly dbType: EngineId;
  readonly address?: Address | undefined;
  readonly connectionString?: string | undefined;
  readonly credentials?: Credentials | undefined;
  readonly acknowledge: readonly Acknowledgement[];
}

/** The same, checked by the engine: nothing of a pasted string is left but allow-listed fields. */
export interface Target {
  readonly engine: Engine;
  readonly address: Address;
  readonly login: Login;
  /** The SSH server that it is reached through, if there is one. */
  readonly through: Through | null;
  readonly acknowledge: readonly Acknowledgement[];
}

/** Turns input into a target; `standing` was acknowledged of this address before. Every fault is one of stage parse and names its field. */
export function resolveTarget(actor: Actor, input: TargetInput, standing: readonly Acknowledgement[] = []): Target {
  const engine = engineOf(input.dbType);
  refuseWrite(input);
  const given = input.connectionString === undefined ? fromFields(input) : fromString(input.connectionString, input);
  const address = parseInput(engine.address, given.address, 'address');
  if (!takesLogin(engine)) refuseLogin(given.login);
  const login = takesLogin(engine) ? resolveLogin(engine, address, given.login) : noLogin;
  const acknowledge = acknowledged(actor, engine.unencrypted(address), input.acknowledge, standing);
  return { engine, address, login, through: resolveTunnel(address, input.credentials?.tunnel), acknowledge };
}

interface Given {
  readonly address: Record<string, unknown>;
  readonly login: GivenLogin;
}

function refuseWrite({ credentials }: TargetInput): void {
  if (credentials?.write !== undefined && credentials.write !== null) {
    throw new Fault('request.invalid', {
      field: 'credentials.write',
      detail: 'credentials.write: a write credential is not given here. Leave it null.',
    });
  }
}

function fromFields(input: TargetInput): Given {
  if (!input.address)
    throw new Fault('request.invalid', { field: 'address', detail: 'address: say where the database is, or give a connectionString.' });
  return { address: input.address, login: { username: '', ...input.credentials?.readOnly } };
}

function fromString(text: string, input: TargetInput): Given {
  if (input.address)
    throw new Fault('request.invalid', {
      field: 'connectionString',
      detail: 'connectionString: give either a string or an address, not both.',
    });
  const read = readConnectionString(text, input.dbType);
  const refuse = (detail: string): Fault =>
    new Fault('string.invalid', { stage: 'parse', field: 'connectionString', detail, tryThis: ['Fill in the guided fields instead.'] });
  if (!read) throw refuse('This is not a connection string that we know.');
  const problem = read.problems[0];
  if (problem) throw refuse(problem.message);
  const blocked = read.parameters.find((parameter) => parameter.use === 'blocked');
  if (blocked) throw refuse(`The parameter ${blocked.name} is blocked: ${blocked.reason} Leave it out.`);
  const beside = input.credentials?.readOnly;
  if (beside && read.credentials.password)
    throw refuse('The string holds a password and credentials.readOnly gives another: keep one of them.');
  const { username = '', password } = read.credentials;
  return { address: read.address, login: beside ?? { username, password } };
}
