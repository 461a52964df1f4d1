import type { ParsedString } from '../../src/contract/engines.ts';

/** What the form gets of a reading, in one line: no encryption and no tunnel. */
export function formOf({ address, credentials }: ParsedString): Record<string, unknown> {
  const { tls: _tls, ssh: _ssh, ...where } = address;
  return { ...where, ...credentials };
}

/** A small generator with a fixed seed: a failure can be repeated. */
export function dice(seed: number) {
  let state = seed;
  const next = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const word = (alphabet: string, most: number) =>
    Array.from({ length: 1 + next(most) }, () => [...alphabet][next([...alphabet].length)]).join('');
  return { next, word };
}

/** Made-up logins whose passwords hold whatever could end a password too early. */
export function logins(seed: number, count: number) {
  const { next, word } = dice(seed);
  return Array.from({ length: count }, () => ({
    host: `${word('abcdefghijklmnopqrstuvwxyz0123456789', 12)}.${word('abc-x', 3).replace(/^-|-$/g, 'x')}.example`,
    port: 1 + next(65_535),
    database: word('abcXYZ_09', 12),
    username: word('abcXYZ_09', 12),
    password: word('abcXYZ019 @:/?#%&=+\'"\\$!;,[]{}()<>^~`|*€ü🚚', 20),
  }));
}

/** A password that no message, name or sentence of ours could hold by chance. */
export const mark = 'Zq7xKw9v';

/** Texts around a password, torn and mutated at random: each still holds the mark, whole. */
export function mutations(seeds: readonly string[], seed: number, count: number): string[] {
  const { next, word } = dice(seed);
  return Array.from({ length: count }, () => {
    let text = seeds[next(seeds.length)] ?? '';
    for (let turn = next(5); turn >= 0; turn--) {
      const at = next(text.length + 1);
      const hole = text.indexOf(mark);
      const inside = hole >= 0 && at > hole && at < hole + mark.length;
      if (inside) continue;
      const cut = at < hole ? Math.min(next(4), hole - at) : next(4);
      text = text.slice(0, at) + (next(3) === 0 ? '' : word('@:/?#=;&"\'{}()\\ ,%[]$\n\t<>+-', 3)) + text.slice(at + cut);
    }
    return text;
  });
}

/** Everything that is shown of a reading and of its other ways. */
export const shownOf = (parsed: ParsedString): string =>
  JSON.stringify([parsed, ...parsed.alternatives].map(({ parameters, problems }) => [parameters, problems]));

/** Of these texts the ones whose password, read as such in one way at least, is shown in a parameter or a problem of any way. */
export const echoing = (read: (text: string) => ParsedString, texts: readonly string[]): string[] =>
  texts.filter((text) => {
    const parsed = read(text);
    const taken = [parsed, ...parsed.alternatives].some(({ credentials }) => credentials.password?.includes(mark));
    return taken && shownOf(parsed).includes(mark);
  });

/** Every piece, repeated to the length at which a text is still read, behind every start. */
export const nonsense = (starts: readonly string[], pieces: readonly string[]): string[] =>
  starts.flatMap((start) => pieces.map((piece) => (start + piece.repeat(8192)).slice(0, 8192)));
