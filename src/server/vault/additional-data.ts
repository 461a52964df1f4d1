/** What a stored credential belongs to and where it may be sent. A change of any of it makes the sealed bytes unopenable. */
export interface SealedFor {
  readonly organizationId: string;
  readonly connectionId: string;
  readonly slot: string;
  readonly engine: string;
  /** The fields the engine declares as binding: host, port, database, user, TLS, tunnel. */
  readonly binding: Readonly<Record<string, string | number | null | undefined>>;
}

type Fields = Record<string, string | number | null>;

/**
 * How the additional data of each version is laid out. Append only: secrets sealed under an old version open by it for ever,
 * so a changed layout is a new number.
 */
const layouts: Readonly<Record<number, (about: SealedFor) => Fields>> = {
  1: ({ organizationId, connectionId, slot, engine, binding }) => {
    const own: Fields = { v: 1, org: organizationId, connection: connectionId, slot, engine };
    for (const [name, value] of Object.entries(binding)) {
      // A binding field that took the place of one of ours would unbind it without a word.
      if (Object.hasOwn(own, name)) throw new TypeError(`the engine may not bind a field named ${name}`);
      own[name] = value ?? null;
    }
    return own;
  },
};

/** The version under which new secrets are sealed. */
export const currentVersion = 1;

/** The additional data of a credential as canonical JSON; null for a version that this program does not know. */
export function aadOf(about: SealedFor, v: number = currentVersion): Uint8Array | null {
  const layout = Object.hasOwn(layouts, v) ? layouts[v] : undefined;
  return layout ? canonicalJson(layout(about)) : null;
}

/** The additional data of what the server seals for itself: never that of a credential, which has no field `system`. */
export function systemAad(name: string): Uint8Array {
  return canonicalJson({ v: 1, system: name });
}

/** Flat JSON with sorted keys in UTF-8: one text for one meaning. */
function canonicalJson(fields: Fields): Uint8Array {
  const entries = Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, value] of entries) {
    if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new TypeError(`${name} must be a whole number`);
  }
  return Buffer.from(`{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`, 'utf8');
}
