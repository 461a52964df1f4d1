/** What the catalogue says of a column's type. */
export interface TypeParts {
  readonly name: string;
  /** Whose type it is, where it is an object's; null for one of the database. */
  readonly owner: string | null;
  readonly bytes: string | null;
  readonly characters: string | null;
  readonly countsCharacters: boolean;
  readonly precision: string | null;
  readonly scale: string | null;
}

const numberText = ({ precision, scale }: TypeParts): string => {
  if (precision === null) return scale === null ? 'NUMBER' : scale === '0' ? 'INTEGER' : `NUMBER(*,${scale})`;
  return scale === null || scale === '0' ? `NUMBER(${precision})` : `NUMBER(${precision},${scale})`;
};

/** A type in full, as one would write it: NUMBER(12,2), VARCHAR2(40 CHAR), HR.ADDRESS_T. Timestamps and intervals come in full already. */
export function typeText(parts: TypeParts): string {
  const { name, owner, bytes, characters, countsCharacters, precision } = parts;
  switch (name) {
    case 'NUMBER':
      return numberText(parts);
    case 'FLOAT':
      return precision === null ? name : `FLOAT(${precision})`;
    case 'CHAR':
    case 'VARCHAR2':
      return `${name}(${countsCharacters ? `${characters ?? 0} CHAR` : (bytes ?? 0)})`;
    case 'NCHAR':
    case 'NVARCHAR2':
      return `${name}(${characters ?? 0})`;
    case 'RAW':
      return `RAW(${bytes ?? 0})`;
    default:
      return owner === null || owner === 'SYS' || owner === 'PUBLIC' ? name : `${owner}.${name}`;
  }
}
