import type { Acknowledgement, Address, Credentials } from '../../contract/connections.ts';
import type { EngineId } from '../../contract/engines.ts';
import type { Engine, Login } from '../engines/engine.ts';
import { engineOf, takesLogin } from '../engines/registry.ts';
import { readConnectionString } from '../engines/strings.ts';
import type { Actor } from '../platform/actor.ts';
import { Fault } from '../platform/fault.ts';
import { parseInput } from '../platform/parse-input.ts';
import { Secret } from '../platform/secret.ts';

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
  readonly acknowledge: readonly Acknowledgement[];
}

/** Turns input into a target; `standing` was acknowledged of this address before. Every fault is one of stage parse and names its field. */
export function resolveTarget(actor: Actor, input: TargetInput, standing: readonly Acknowledgement[] = []): Target {
  const engine = engineOf(input.dbType);
  refuseLaterParts(input);
  const given = input.connectionString === undefined ? fromFields(input) : fromString(input.connectionString, input);
  const address = parseInput(engine.address, given.address, 'address');
  if (takesLogin(engine)) requireLogin(given);
  else refuseLogin(given);
  const acknowledge = acknowledged(actor, engine.unencrypted(address), input.acknowledge, standing);
  return { engine, address, login: { username: given.username, password: new Secret(given.password) }, acknowledge };
}

interface Given {
  readonly address: Record<string, unknown>;
  readonly username: string;
  readonly password: string;
}

function refuseLaterParts({ credentials }: TargetInput): void {
  if (credentials?.tunnel !== undefined && credentials.tunnel !== null) {
    throw new Fault('request.invalid', {
      field: 'credentials.tunnel',
      detail: 'credentials.tunnel: SSH tunnels come with a later version. Leave it null.',
    });
  }
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
  const login = input.credentials?.readOnly;
  return { address: input.address, username: login?.username ?? '', password: login?.password ?? '' };
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
  return {
    address: read.address,
    username: beside?.username ?? read.credentials.username ?? '',
    password: beside?.password ?? read.credentials.password ?? '',
  };
}

function requireLogin({ username, password }: Given): void {
  for (const [name, value] of Object.entries({ username, password })) {
    // An empty credential would make a driver look for one of its own process.
    if (value === '')
      throw new Fault('credential.empty', {
        stage: 'parse',
        field: `credentials.readOnly.${name}`,
        detail: `Enter the ${name} of a login that can read.`,
      });
  }
}

/** A login for what has none would be kept for nothing. */
function refuseLogin({ username, password }: Given): void {
  if (username !== '' || password !== '')
    throw new Fault('request.invalid', {
      field: 'credentials.readOnly',
      detail: 'credentials.readOnly: databases of this kind have no login. Leave it out.',
    });
}

/** What is acknowledged of this target: only what applies to it, and new things only by an Admin. */
function acknowledged(
  actor: Actor,
  unencrypted: boolean,
  given: readonly Acknowledgement[],
  standing: readonly Acknowledgement[],
): Acknowledgement[] {
  if (actor.role !== 'admin' && given.some((entry) => entry.code === 'privilege.excess')) {
    const detail = 'acknowledge: only an Admin may acknowledge what a credential could do beyond reading. Leave it out, or ask one.';
    throw new Fault('acknowledgement.required', { stage: 'parse', field: 'acknowledge', detail });
  }
  const entries = actor.role === 'admin' ? [...given, ...standing] : [...standing];
  if (unencrypted && !entries.some((entry) => entry.code === 'tls.disabled')) {
    const detail =
      actor.role === 'admin'
        ? 'Without encryption the password and every answer cross the network in clear: give a reason (acknowledge tls.disabled), or use TLS.'
        : 'Only an Admin may register a database without encryption, with a reason. Ask one, or use TLS.';
    throw new Fault('acknowledgement.required', { stage: 'parse', field: 'address.tls', detail });
  }
  return entries.filter((entry) => entry.code === 'privilege.excess' || unencrypted);
}
