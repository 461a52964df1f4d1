import type { StageName } from '../../../contract/connections.ts';
import type { FaultCode } from '../../../contract/faults.ts';

/** A fault as it will be shown. */
export interface Explanation {
  readonly code: FaultCode;
  readonly field: string | null;
  readonly happened: string;
  readonly tryThis: readonly string[];
  readonly retryable?: boolean;
  readonly stage?: StageName;
}

/** How an engine that is reached over the network is called in what people read, and where its server is set up. */
export interface Manner {
  /** The product, as people write it. */
  readonly label: string;
  /** Its default port as a phrase: "the default of … is …". */
  readonly defaultPort: string;
  /** The setting by which it listens on more than its own host. */
  readonly listening: string;
  /** How encryption is switched on at the server. */
  readonly encrypting: string;
  /** How its versions of TLS are raised. */
  readonly tlsVersions: string;
}
