import ipaddr from 'ipaddr.js';

/** A parsed address, IPv4-mapped ones already as IPv4. */
export type Parsed = ipaddr.IPv4 | ipaddr.IPv6;
export type Network = readonly [Parsed, number];

/** A network as the settings write it; an IPv4-mapped one means its IPv4 part, and nothing else of IPv6 means IPv4. */
export function parseNetwork(cidr: string): Network {
  const [address, bits] = ipaddr.parseCIDR(cidr);
  if (address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() && bits >= 96) return [address.toIPv4Address(), bits - 96];
  return [address, bits];
}

export function inNetwork(address: Parsed, [base, bits]: Network): boolean {
  if (address instanceof ipaddr.IPv4) return base instanceof ipaddr.IPv4 && address.match(base, bits);
  return base instanceof ipaddr.IPv6 && address.match(base, bits);
}

/** Whether an address in its one spelling lies in any of the networks. */
export function inAnyNetwork(cidrs: readonly string[]): (address: string) => boolean {
  const networks = cidrs.map(parseNetwork);
  return (text) => networks.some((network) => inNetwork(ipaddr.parse(text), network));
}

const METADATA = 'a cloud metadata service';
const LINK_LOCAL = 'a link-local address';
const MULTICAST = 'a multicast address';
const UNSPECIFIED = 'an unspecified address';
const RESERVED = 'a reserved address';

/**
 * Never dialled, whatever the settings say; the first match names the reason. The networks meant for documentation are not
 * among them: machines and virtual networks use them as private ones.
 */
const never: readonly (readonly [string, readonly string[]])[] = [
  [METADATA, ['169.254.169.254/32', '100.100.100.200/32', '168.63.129.16/32', '192.0.0.192/32']],
  [METADATA, ['fd00:ec2::/32', 'fd20:ce::254/128', 'fd00:c1::a9fe:a9fe/128', 'fd00:42::42/128']],
  [LINK_LOCAL, ['169.254.0.0/16', 'fe80::/10']],
  [UNSPECIFIED, ['0.0.0.0/8', '::/128']],
  [MULTICAST, ['224.0.0.0/4', 'ff00::/8']],
  ['the broadcast address', ['255.255.255.255/32']],
  [RESERVED, ['192.0.0.0/24', '192.88.99.0/24', '240.0.0.0/4']],
];
const neverNetworks = never.map(([reason, list]) => ({ reason, networks: list.map(parseNetwork) }));

/** Of IPv6 only what is allotted (100::/64, site-local and most of the rest are not): global, unique local, loopback, and the two prefixes that stand for IPv4. */
const allotted = ['2000::/3', 'fc00::/7', '::1/128', '64:ff9b::/96', '64:ff9b:1::/48'].map(parseNetwork);
const loopback = ['127.0.0.0/8', '::1/128'].map(parseNetwork);

/** Why an address is never dialled; null where it may be. */
export function neverDialled(address: Parsed): string | null {
  const found = neverNetworks.find(({ networks }) => networks.some((network) => inNetwork(address, network)));
  if (found) return found.reason;
  return address instanceof ipaddr.IPv6 && !allotted.some((network) => inNetwork(address, network)) ? RESERVED : null;
}

export const isLoopback = (address: Parsed): boolean => loopback.some((network) => inNetwork(address, network));

const nat64 = parseNetwork('64:ff9b::/96');
const localNat64 = parseNetwork('64:ff9b:1::/48');
const sixToFour = parseNetwork('2002::/16');
const teredo = parseNetwork('2001::/32');
const compatible = parseNetwork('::/96');

/** The IPv4 addresses that an IPv6 one carries and that a gateway on the way may dial in its place. */
export function carriedIPv4(address: Parsed): readonly ipaddr.IPv4[] {
  if (address instanceof ipaddr.IPv4) return [];
  const bytes = address.toByteArray();
  const at = (...places: number[]): ipaddr.IPv4 => new ipaddr.IPv4(places.map((place) => bytes[place] ?? 0));
  const last = at(12, 13, 14, 15);
  if (inNetwork(address, nat64)) return [last];
  if (inNetwork(address, sixToFour)) return [at(2, 3, 4, 5)];
  // Teredo: the server as it is, the client with every bit turned over.
  if (inNetwork(address, teredo)) return [at(4, 5, 6, 7), new ipaddr.IPv4(last.toByteArray().map((byte) => byte ^ 0xff))];
  // RFC 6052 puts the IPv4 address in one of four places, as the length of the prefix has it; a place that holds none starts with 0.
  if (inNetwork(address, localNat64)) {
    const places = [at(6, 7, 9, 10), at(7, 9, 10, 11), at(9, 10, 11, 12), last].filter((inner) => inner.octets[0] !== 0);
    return places.length > 0 ? places : [last];
  }
  // ISATAP: behind any prefix, its own mark and the address; a router with such an interface goes on over IPv4.
  if (((bytes[8] ?? 0) & 0xfd) === 0 && bytes[9] === 0 && bytes[10] === 0x5e && bytes[11] === 0xfe) return [last];
  return inNetwork(address, compatible) && !isLoopback(address) ? [last] : [];
}
