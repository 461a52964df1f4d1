import { type Draft, fill, list, problem } from '../string-draft.ts';
import { plain } from '../string-rules.ts';
import { sayTls } from '../string-tls.ts';
import { judgeQuery } from '../string-url.ts';
import { parseDescriptors, takeDescriptor, tornDescriptor } from './string-descriptor.ts';

/** [protocol:][//]host[:port][:sid][/service[:server][/instance]][?name=value&…] */
const easy =
  /^(?:([a-z][a-z\d-]{0,20}):)?(\/\/)?(\[[^\]]*\]|[^:/?()@"\s=]*)(?::(\d*))?(?::([\w$#.-]+))?(?:\/([^:/?()@"\s]*)(?::(\w*))?(?:\/([^/?()@"\s]*))?)?(?:\?(.*))?$/i;

/** Fills the name of the database, and whether it is the name of a service or an SID. */
export function fillService(draft: Draft, value: string, naming: 'service' | 'sid', name: string = naming): void {
  if (value !== '' && draft.values.database === undefined) draft.extra.naming = naming;
  fill(draft, 'database', value, name);
}

/** Notes the protocol: TCPS is TLS, TCP says that nothing is encrypted, and others do not go to a host and a port. */
export function sayProtocol(draft: Draft, protocol: string, name = 'protocol'): void {
  const word = protocol.toLowerCase();
  if (word === 'tcps') sayTls(draft, name, word, 'full');
  else if (word === 'tcp') sayTls(draft, name, word, 'off');
  else {
    list(draft, name, null, 'blocked', 'would read the address elsewhere, or not go over TCP');
    problem(draft, 'host', 'The string does not name a host over TCP or TCPS: give host, port and service name.');
  }
}

/** What a target reads as: parts, or null where it is none. */
function partsOf(target: string) {
  const [, protocol, slashes, host = '', port, sid, service, server, instance, query] = easy.exec(target) ?? [];
  // `tcp:host:1521` is a protocol; `host:1521` is none.
  if (protocol !== undefined && slashes === undefined && !/^tcps?$/i.test(protocol)) {
    const plainly = easy.exec(`//${target}`);
    return plainly ? { protocol: undefined, slashes: undefined, ...named(plainly) } : null;
  }
  return host === '' ? null : { protocol, slashes, host, port, sid, service, server, instance, query };
}
function named([, , , host = '', port, sid, service, server, instance, query]: RegExpExecArray) {
  return { host, port, sid, service, server, instance, query };
}

const unquoted = (target: string): string => target.trim().replace(/^"([^"]*)"$/, '$1');
/** Where an address could be kept elsewhere than in the string: ldap://, config-file://, … */
const elsewhere = /^(?!tcps?:)([a-z][a-z\d-]{0,20}):\/\//i;
/** Several hosts, with what surrounds them. */
const severals = /^[\w.:[\]/-]+,[\w.:,[\]/-]+(?:\?|$)/;

/** How sure it is that a text is a target: 0 where it is none, low where another world could have written it. */
export function targetLikeness(written: string): number {
  const target = unquoted(written);
  if (target.startsWith('(')) return parseDescriptors(target)?.length === 1 ? 1 : 0;
  if (target.includes('\n')) return 0;
  if (elsewhere.test(target)) return 0.1;
  if (severals.test(target)) return /:15\d\d(?:\/|$)/.test(target) ? 0.8 : 0.1;
  const parts = partsOf(target);
  if (!parts) return 0;
  const { protocol, port = '', sid, service } = parts;
  if (/^tcps$/i.test(protocol ?? '') && service) return 0.8;
  if (/^(15\d\d|2484)$/.test(port) && (service || sid)) return 0.8;
  return service || sid ? 0.15 : 0.1;
}

/** Fills from what names the database: a descriptor, or host:port/service; a name of tnsnames.ora is a problem. */
export function takeTarget(draft: Draft, written: string): void {
  const target = unquoted(written);
  const [, other] = elsewhere.exec(target) ?? [];
  if (other !== undefined) sayProtocol(draft, other);
  else if (target.startsWith('(')) takeOneDescriptor(draft, target);
  else if (target.split('?')[0]?.includes(',')) takeSeveral(draft, target);
  else if (target !== '') takeEasy(draft, target);
}

function takeOneDescriptor(draft: Draft, target: string): void {
  const [root, ...others] = parseDescriptors(target) ?? [];
  if (root && others.length === 0) takeDescriptor(draft, root);
  else problem(draft, null, tornDescriptor);
}

function takeSeveral(draft: Draft, target: string): void {
  list(draft, 'host', null, 'blocked', 'one host is dialled, the one that is shown');
  problem(draft, 'host', 'The string names several hosts: give the one to connect to.');
  const question = target.indexOf('?');
  if (question >= 0) judgeQuery(draft, target.slice(question + 1));
}

function takeEasy(draft: Draft, target: string): void {
  const parts = partsOf(target);
  if (!parts) {
    problem(draft, 'host', 'This does not read as host:port/service.');
    return;
  }
  const { protocol, slashes, host, port, sid, service, server, instance, query } = parts;
  if (protocol !== undefined) sayProtocol(draft, protocol);
  if (port === undefined && service === undefined && sid === undefined && slashes === undefined) {
    list(draft, 'alias', null, 'blocked', 'would read a file on the gateway (tnsnames.ora)');
    problem(
      draft,
      'host',
      'The string names an entry of tnsnames.ora, which is not read here: give host, port and service name, or paste the entry.',
    );
  } else if (protocol === undefined || /^tcps?$/i.test(protocol)) {
    fill(draft, 'host', host);
    fill(draft, 'port', port ?? '');
    if (sid !== undefined) fillService(draft, sid, 'sid');
    if (service !== undefined) fillService(draft, service, 'service');
    if (server) draft.world.judge(draft, 'server', server);
    if (instance) draft.world.judge(draft, 'instance_name', instance);
  }
  if (query) judgeQuery(draft, query);
}

/** A value that may be shown. */
export const shownWord = (text: string): string | null => (plain.test(text) ? text : null);
