import { type Draft, fill, list, problem } from '../string-draft.ts';

const server = /^([^\\,:[\]]*|\[[^\]]*\]|[0-9a-f:.%]+)(?:\\([^,:\\]*))?(?:\s*[,:]\s*(\d*))?$/i;

/** Notes the name of an instance: only its port can be dialled, for a lookup by name would let the server send us anywhere. */
export function fillInstance(draft: Draft, instance: string, name = 'instance'): void {
  const usual = /^mssqlserver$/i.test(instance);
  list(
    draft,
    name,
    /^[\w$-]{1,60}$/.test(instance) ? instance : null,
    'not_needed',
    usual ? 'the usual instance' : 'the port says which instance it is',
  );
  if (!usual)
    draft.portUnknown =
      'The string names an instance, and its port would have to be asked for over UDP: give the port of the instance (SQL Server Configuration Manager shows it under TCP/IP).';
}

/** Fills host and port from what is written after Server=: tcp:host\instance,port; JDBC and URLs put a colon before the port. */
export function fillServer(draft: Draft, written: string, name = 'host'): void {
  const value = written.trim();
  const [, protocol = ''] = /^(tcp|np|lpc|admin|dac):/i.exec(value) ?? [];
  const rest = protocol === '' ? value : value.slice(protocol.length + 1).trim();
  const [, host, instance, port] = server.exec(rest) ?? [];
  if (/^(np|lpc|admin|dac)$/i.test(protocol) || rest.startsWith('\\\\')) {
    list(draft, name, null, 'blocked', 'would open a pipe, shared memory or the connection of the administrator');
    problem(draft, 'host', 'The string does not go over TCP: give a host name or an address.');
  } else if (/^(\.|\(local\)|\(localdb\))(?=$|[\\,:])/i.test(rest)) {
    list(draft, name, null, 'blocked', 'would mean the gateway itself');
    problem(draft, 'host', 'The string names the computer of whoever wrote it: give a host name or an address.');
  } else if (host === undefined) {
    fill(draft, 'host', rest, name);
  } else {
    fill(draft, 'host', host.trim(), name);
    if (instance) fillInstance(draft, instance);
    if (port) fill(draft, 'port', port);
  }
}
