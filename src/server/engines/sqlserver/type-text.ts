/** A type as the catalogue holds it. `bytes` −1: without a limit. */
export interface TypeParts {
  /** Of a type that somebody made; null for the server's own. */
  readonly schema: string | null;
  readonly name: string;
  /** What it is made of; null for types of .NET. */
  readonly base: string | null;
  readonly bytes: number;
  readonly precision: number;
  readonly scale: number;
}

const withPlaces = new Set(['decimal', 'numeric']);
const withScale = new Set(['time', 'datetime2', 'datetimeoffset']);
const inBytes = new Set(['char', 'varchar', 'binary', 'varbinary']);
const inPairs = new Set(['nchar', 'nvarchar']);

/** A type as it is written: `nvarchar(50)`, `decimal(9,2)`, `varbinary(max)`; one that somebody made with what it is made of. */
export function typeText({ schema, name, base, bytes, precision, scale }: TypeParts): string {
  if (schema !== null) {
    const made = base === null || base === name ? '' : ` (${typeText({ schema: null, name: base, base, bytes, precision, scale })})`;
    return `${schema}.${name}${made}`;
  }
  if (withPlaces.has(name)) return `${name}(${precision},${scale})`;
  if (withScale.has(name)) return `${name}(${scale})`;
  if (name === 'float') return precision > 0 && precision !== 53 ? `float(${precision})` : 'float';
  const length = inBytes.has(name) ? bytes : inPairs.has(name) ? bytes / 2 : null;
  if (length === null) return name === 'timestamp' ? 'rowversion' : name;
  return `${name}(${bytes < 0 ? 'max' : length})`;
}
