import { type AddressInfo, connect, type Socket } from 'node:net';
import type { AuthContext, Connection, PublicKeyAuthContext, ServerChannel, ServerConfig } from 'ssh2';
import ssh2 from 'ssh2';
import { makeSshKeys, type SshKeyPair } from './ssh-keys.ts';

/** What a server does otherwise than an ordinary one. */
export interface SshServerOptions {
  readonly password?: string;
  /** The public key that is let in. */
  readonly authorized?: string;
  readonly hostKey?: Pick<SshKeyPair, 'privateKey' | 'sha256'>;
  readonly port?: number;
  /** Asks for the password by questions alone, as many servers with PAM do. */
  readonly byQuestions?: boolean;
  /** Instead of connecting: refuses, or never answers. */
  readonly forwarding?: 'refused' | 'silent';
  /** Never answers the sign-in. */
  readonly silentSignIn?: boolean;
  /** Signs with this key in place of the one it shows. */
  readonly impostor?: Pick<SshKeyPair, 'privateKey'>;
  /** Asks something for as long as it is listened to, once it has let somebody in. */
  readonly chatter?: true;
  /** Sends through each connection whatever the window says. */
  readonly overflow?: true;
  readonly ident?: string;
  readonly banner?: string;
  readonly algorithms?: ServerConfig['algorithms'];
}

/** The far side of a tunnel on 127.0.0.1: the server of the ssh2 library, a real SSH server that forwards what it is asked to. */
export interface TestSshServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly hostKeySha256: string;
  /** Sessions that were ever opened, and those that are open by now. */
  opened(): number;
  open(): number;
  /** Where it was asked to connect to, in order. */
  readonly asked: string[];
  /** Passwords and keys that were tried. */
  readonly tried: string[];
  /** Ends every session. */
  drop(): void;
  stop(): Promise<void>;
}

/** Starts one. Its user is `tunnel`. */
export async function startSshServer(options: SshServerOptions = {}): Promise<TestSshServer> {
  const hostKey = options.hostKey ?? makeSshKeys();
  const sessions = new Set<Connection>();
  const [asked, tried]: [string[], string[]] = [[], []];
  let opened = 0;
  const about = {
    hostKeys: [hostKey.privateKey],
    ...(options.ident ? { ident: options.ident } : {}),
    ...(options.banner ? { banner: options.banner } : {}),
    ...(options.algorithms ? { algorithms: options.algorithms } : {}),
  };
  const server = new ssh2.Server(about, (session) => {
    opened++;
    sessions.add(session);
    socketOf(session).setNoDelay(true);
    if (options.impostor) signWith(session, options.impostor.privateKey);
    session.on('error', () => {}).on('close', () => sessions.delete(session));
    session.on('authentication', (context) => {
      tried.push(context.method);
      if (!options.silentSignIn) judge(context, options);
    });
    if (options.chatter) session.on('ready', () => void chatter(session));
    session.on('tcpip', (accept, reject, to) => {
      asked.push(`${to.destIP}:${to.destPort}`);
      if (options.forwarding === 'silent') return;
      if (options.forwarding === 'refused') return reject();
      if (options.overflow) return void overflow(session, accept());
      const target = connect(to.destPort, to.destIP).setNoDelay(true);
      target.once('error', () => reject());
      target.once('connect', () => {
        const channel = accept();
        target.removeAllListeners('error').on('error', () => channel.destroy());
        channel.on('error', () => target.destroy()).on('close', () => target.destroy());
        target.on('close', () => channel.destroy());
        channel.pipe(target).pipe(channel);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const drop = (): void => {
    for (const session of sessions) socketOf(session).destroy();
  };
  return {
    host: '127.0.0.1',
    port: portOf(server.address()),
    user: 'tunnel',
    hostKeySha256: hostKey.sha256,
    opened: () => opened,
    open: () => sessions.size,
    asked,
    tried,
    drop,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      drop();
      await closed;
    },
  };
}

/** Has a session sign with another key than the one that it shows. */
function signWith(session: Connection, signs: string): void {
  const secret = ssh2.utils.parseKey(signs);
  if (secret instanceof Error) throw secret;
  const keys = Reflect.get(Reflect.get(session, '_protocol') as object, '_hostKeys') as Record<string, object>;
  for (const name of Object.keys(keys)) keys[name] = Object.assign(Object.create(keys[name] ?? null), { sign: secret.sign.bind(secret) });
}

const portOf = (address: AddressInfo | string | null): number => (typeof address === 'object' && address ? address.port : 0);
const socketOf = (session: Connection): Socket => Reflect.get(session, '_sock') as Socket;

async function chatter(session: Connection): Promise<void> {
  const protocol = Reflect.get(session, '_protocol') as { ping(): void };
  const socket = socketOf(session);
  while (!socket.destroyed) {
    for (let times = 0; times < 200 && !socket.destroyed; times++) protocol.ping();
    await new Promise((resolve) =>
      socket.writableNeedDrain ? socket.once('drain', resolve).once('close', resolve) : setImmediate(resolve),
    );
  }
}

async function overflow(session: Connection, channel: ServerChannel): Promise<void> {
  channel.on('error', () => {});
  const protocol = Reflect.get(session, '_protocol') as { channelData(id: number, bytes: Buffer): void };
  const { id } = Reflect.get(channel, 'outgoing') as { id: number };
  const socket = socketOf(session);
  const chunk = Buffer.alloc(32_000, 0x2a);
  while (!socket.destroyed) {
    protocol.channelData(id, chunk);
    await new Promise((resolve) =>
      socket.writableNeedDrain ? socket.once('drain', resolve).once('close', resolve) : setImmediate(resolve),
    );
  }
}

function judge(context: AuthContext, options: SshServerOptions): void {
  const { password, authorized, byQuestions } = options;
  const offered = [authorized && 'publickey', byQuestions ? 'keyboard-interactive' : password && 'password'];
  const end = (right: boolean): void => (right ? context.accept() : context.reject(offered.filter(Boolean) as 'password'[]));
  const known = context.username === 'tunnel';
  if (context.method === 'password') end(known && !byQuestions && context.password === password);
  else if (context.method === 'publickey') end(known && fits(context, authorized));
  else if (context.method === 'keyboard-interactive' && byQuestions)
    context.prompt([{ prompt: 'Password: ', echo: false }], (answers) => end(known && answers[0] === password));
  else end(false);
}

function fits({ key, signature, blob, hashAlgo }: PublicKeyAuthContext, authorized: string | undefined): boolean {
  const own = authorized === undefined ? null : ssh2.utils.parseKey(authorized);
  if (!own || own instanceof Error || !own.getPublicSSH().equals(key.data)) return false;
  return !signature || !blob || own.verify(blob, signature, hashAlgo) === true;
}
