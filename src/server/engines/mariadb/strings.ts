import type { StringReader } from '../../../contract/engines.ts';
import { worldOf } from '../mysql/string-parameters.ts';
import { familyReader } from '../mysql/strings.ts';

/** Reads what people paste for a MariaDB: the strings are those of its family, and this reader is surest where they name it. */
export const mariadbStrings: StringReader = familyReader(worldOf('mariadb'));
