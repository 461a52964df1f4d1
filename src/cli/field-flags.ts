/** The flag that gives a part of an address. */
export const flagOf = (part: string): string => `--${{ service: 'database', naming: 'sid' }[part] ?? part}`;

/** The flags of what is no plain part of an address; the first that fits holds. */
const flags: readonly (readonly [RegExp, string])[] = [
  [/^address\.tls\.ca$/, '--ca-file'],
  [/^address\.tls\.clientCertificate$/, '--client-cert-file'],
  [/^address\.tls(\.|$)/, '--tls; without encryption: --tls disable, with --reason'],
  [/^address\.ssh\.hostKeySha256$/, '--ssh-host-key'],
  [/^address\.ssh(\.|$)/, '--ssh'],
  [/^credentials\.readOnly$/, '`portcullis connection credential set`'],
  [/^credentials\.readOnly\.username$/, '--username'],
  [/^credentials\.readOnly\.password$/, '--password-stdin'],
  [/^credentials\.readOnly\.clientKey$/, '--client-key-file'],
  [/^credentials\.tunnel\.(password|passphrase)$/, '--ssh-password-stdin'],
  [/^credentials\.tunnel(\.|$)/, '--ssh-key-file or --ssh-password-stdin'],
  [/^connectionString$/, '--from-stdin or --string'],
];

/** A field of a registration as a person meets it here: with the flag that gives it. */
export function fieldText(field: string): string {
  const flag = flags.find(([pattern]) => pattern.test(field))?.[1];
  const part = /^address\.(\w+)$/.exec(field)?.[1];
  const told = flag ?? (part && flagOf(part));
  return told ? `${field} (${told})` : field;
}
