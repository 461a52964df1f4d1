/** Under which names the server may be reached: everything else is refused, so that no foreign page can name us. */
export interface Origins {
  /** Hosts (with port) that a request may name. */
  readonly hosts: ReadonlySet<string>;
  /** Origins whose pages are ours. */
  readonly origins: ReadonlySet<string>;
  /** The address to put into links. */
  readonly base: string;
  readonly secure: boolean;
}

/** The names of a server that listens on host and port, published under baseUrl or not at all. */
export function originsOf(config: { readonly host: string; readonly baseUrl: string | null }, port: number): Origins {
  const local = ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${port}`);
  const onLoopback = /^(127\.|::1$|localhost$)/.test(config.host);
  const hosts = new Set(onLoopback ? local : []);
  const origins = new Set([...hosts].map((host) => `http://${host}`));
  if (config.baseUrl !== null) {
    const url = new URL(config.baseUrl);
    hosts.add(url.host);
    origins.add(url.origin);
  }
  const base = config.baseUrl ?? `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`;
  return { hosts, origins, base, secure: base.startsWith('https:') };
}
