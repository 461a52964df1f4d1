import { z } from 'zod';
import { Id } from './paging.ts';
import { Refusal } from './query.ts';

/**
 * The closed list of fault codes. A code says what the caller can do; `status` is the HTTP status when it
 * ends a request, `title` a short sentence without any detail of the case. Names are noun.adjective.
 */
export const faults = {
  // The request itself
  'request.invalid': { status: 400, title: 'The request has a mistake' },
  'request.oversized': { status: 413, title: 'The request is too large' },
  'route.unknown': { status: 404, title: 'There is nothing at this address' },
  'caller.unauthenticated': { status: 401, title: 'Sign in first' },
  'caller.forbidden': { status: 403, title: 'Your role does not allow this' },
  'host.forbidden': { status: 403, title: 'This host name is not one of ours' },
  'origin.forbidden': { status: 403, title: 'This request came from another site' },
  'rate.exceeded': { status: 429, title: 'Too many attempts' },
  'setup.done': { status: 409, title: 'Portcullis is set up already' },
  'setup.required': { status: 409, title: 'Portcullis is not set up yet' },
  'setup.forbidden': { status: 403, title: 'The setup token is missing or wrong' },
  'internal.failed': { status: 500, title: 'Something went wrong on our side' },
  'store.unavailable': { status: 503, title: 'The store does not answer' },
  'server.draining': { status: 503, title: 'The server is stopping' },
  // People
  'member.unknown': { status: 404, title: 'There is no such member' },
  'member.last': { status: 409, title: 'The last Admin cannot be removed or demoted' },
  'member.existing': { status: 409, title: 'This person is a member already' },
  'member.shared': { status: 409, title: 'This person belongs to another organisation too' },
  'link.invalid': { status: 410, title: 'This link is used, expired or unknown' },
  'password.rejected': { status: 401, title: 'E-mail or password rejected' },
  'key.unknown': { status: 404, title: 'There is no such API key' },
  'entry.unknown': { status: 404, title: 'There is no such entry' },
  // Connections
  'connection.unknown': { status: 404, title: 'There is no such connection' },
  'connection.disabled': { status: 409, title: 'The connection is disabled' },
  'connection.changed': { status: 409, title: 'The connection was changed meanwhile' },
  'name.taken': { status: 409, title: 'The alias is taken' },
  'name.mismatched': { status: 400, title: 'The alias does not match' },
  'credential.required': { status: 409, title: 'Enter the credential again' },
  'credential.unreadable': { status: 409, title: 'The stored credential does not open for this destination' },
  'slot.unavailable': { status: 409, title: 'This credential slot cannot be used yet' },
  'receipt.invalid': { status: 409, title: 'The receipt is not for this: test again' },
  'acknowledgement.required': { status: 403, title: 'An Admin has to acknowledge this with a reason' },
  'run.unknown': { status: 404, title: 'There is no such run' },
  'run.active': { status: 409, title: 'The schema is being read already' },
  'run.finished': { status: 409, title: 'The run has ended' },
  'run.held': { status: 409, title: 'Many tables vanished: the run waits for a person' },
  'run.cancelled': { status: 409, title: 'The run was cancelled' },
  'table.unknown': { status: 404, title: 'There is no such table' },
  // Reaching a database: each is the fault of one stage of the test
  'string.invalid': { status: 422, title: 'The connection string cannot be read' },
  'host.unresolved': { status: 422, title: 'The host name is unknown' },
  'resolver.unavailable': { status: 422, title: 'The name service does not answer' },
  'network.forbidden': { status: 422, title: 'This address may not be dialled' },
  'port.refused': { status: 422, title: 'Nothing listens on this port' },
  'host.unanswering': { status: 422, title: 'The host does not answer' },
  'host.unreachable': { status: 422, title: 'There is no route to the host' },
  'key.unusable': { status: 422, title: 'The private key cannot be used' },
  'tunnel.unconfirmed': { status: 422, title: 'Nobody has confirmed the key of the SSH server yet' },
  'tunnel.changed': { status: 422, title: 'The SSH server shows another key than the confirmed one' },
  'tunnel.rejected': { status: 422, title: 'The SSH server rejected the login' },
  'tunnel.refused': { status: 422, title: 'The SSH server did not connect to the database' },
  'tunnel.incompatible': { status: 422, title: 'No algorithm in common with the SSH server' },
  'tunnel.lost': { status: 422, title: 'The SSH tunnel broke' },
  'protocol.mismatched': { status: 422, title: 'What answers there does not speak this protocol' },
  'tls.unsupported': { status: 422, title: 'The server does not offer TLS' },
  'tls.required': { status: 422, title: 'The server accepts this user only over TLS' },
  'tls.untrusted': { status: 422, title: 'The certificate is not trusted' },
  'tls.misnamed': { status: 422, title: 'The certificate is for another name' },
  'tls.expired': { status: 422, title: 'The certificate has expired' },
  'tls.premature': { status: 422, title: 'The certificate is not valid yet' },
  'tls.incompatible': { status: 422, title: 'No common TLS version' },
  'tls.changed': { status: 422, title: 'The certificate is not the pinned one' },
  'tls.rejected': { status: 422, title: 'The server does not accept the client certificate' },
  'tls.failed': { status: 422, title: 'The TLS handshake failed' },
  'credential.rejected': { status: 422, title: 'Name or password rejected' },
  'credential.empty': { status: 422, title: 'The credential is empty' },
  'login.forbidden': { status: 422, title: 'This role may not log in' },
  'client.forbidden': { status: 422, title: 'The server does not accept this user from our address' },
  'auth.unsupported': { status: 422, title: 'The server wants a way to sign in that we refuse' },
  'database.unknown': { status: 422, title: 'There is no such database' },
  'database.forbidden': { status: 422, title: 'This user may not connect to the database' },
  'database.closed': { status: 422, title: 'The database accepts no connections' },
  'tenant.unknown': { status: 422, title: 'The pooler does not know this user' },
  'parameter.refused': { status: 422, title: 'The server refuses a connection parameter' },
  'server.full': { status: 422, title: 'The server has no free connection' },
  'server.starting': { status: 422, title: 'The server is starting, stopping or recovering' },
  'server.lost': { status: 422, title: 'The server closed the connection' },
  'server.own': { status: 422, title: 'This is the store of Portcullis itself' },
  'server.changed': { status: 409, title: 'Another server answers than the registered one' },
  'server.unsupported': { status: 422, title: 'This version of the database is not supported' },
  'read.forbidden': { status: 422, title: 'This user may not read' },
  'session.writable': { status: 422, title: 'The session would not stay read-only' },
  'statement.expired': { status: 422, title: 'The database took too long' },
  'stage.expired': { status: 422, title: 'The stage took too long' },
  'test.cancelled': { status: 422, title: 'The test was cancelled' },
  'schema.unread': { status: 409, title: 'The schema has not been read yet' },
  'statement.refused': { status: 422, title: 'This statement may not run' },
  'statement.failed': { status: 422, title: 'The database could not run the statement' },
  'statement.cancelled': { status: 422, title: 'The statement was cancelled' },
  'connection.busy': { status: 429, title: 'Too many statements wait for this database' },
  'database.failed': { status: 422, title: 'The database reported an error' },
} as const satisfies Record<string, { status: number; title: string }>;

/** One code of the closed list. */
export type FaultCode = keyof typeof faults;

/** Every code, for schemas and documentation. */
export const faultCodes = Object.keys(faults) as [FaultCode, ...FaultCode[]];

/** RFC 9457 problem details as every failed request answers them (media type application/problem+json). */
export const Problem = z.object({
  type: z.string().describe('about:blank; the code is what to branch on'),
  status: z.int(),
  code: z.enum(faultCodes),
  title: z.string(),
  detail: z.string().describe('What happened and what the caller can do.'),
  requestId: z.string(),
  field: z.string().optional().describe('The input at fault, as a path such as address.port'),
  stage: z.string().optional().describe('The stage of the connection test that failed'),
  hint: z.string().optional(),
  refusal: Refusal.optional().describe('Of statement.refused: the rule, the place in the statement and what would be allowed'),
  entryId: Id.optional().describe('Where an attempt was put on record: its entry'),
});
export type Problem = z.infer<typeof Problem>;
