import { finish, list, newDraft, problem } from '../string-draft.ts';
import { type Quoting, semicolonPairs, startsWithName, tornPairs } from '../string-pairs.ts';
import type { Kind } from '../string-reader.ts';
import { oracleWorld } from './string-parameters.ts';

const first = /^(data ?source|server|user ?id|uid|user|password|pwd|driver|dbq|provider)$/i;
const dsn = /^oci:(?=[a-z]+=)/i;
const driver = /(?:^|;)\s*driver\s*=/i;
const odbc = /(?:^|;)\s*(?:driver|provider)\s*=\s*\{?[^};]{0,60}(?:oracle|oraoledb|msdaora)/i;
const descriptor = /(?:^|;)\s*(?:data ?source|server|dbq)\s*=\s*"?\(\s*desc/i;
const target = /(?:^|;)\s*(?:data ?source|dbq)\s*=\s*"?(?:tcps?:)?(?:\/\/)?[\w.-]{1,120}(?::\d{1,5})?\/\w/i;

/** `Data Source=host:1521/service;User Id=…;Password=…` as .NET, ODBC and PHP write it. */
export const pairsKind: Kind = {
  likeness(text) {
    if (dsn.test(text)) return 1;
    if (!startsWithName(text, first) || !text.includes(';')) return 0;
    if (odbc.test(text)) return 0.95;
    if (descriptor.test(text)) return 0.99;
    return driver.test(text) ? 0 : target.test(text) ? 0.85 : /(?:^|;)\s*data ?source\s*=/i.test(text) ? 0.1 : 0;
  },
  read(text) {
    const draft = newDraft(oracleWorld);
    const quoting: Quoting = driver.test(text) ? 'braces' : 'quotes';
    list(
      draft,
      'format',
      null,
      'not_needed',
      dsn.test(text) ? 'written for PHP' : quoting === 'braces' ? 'written for ODBC' : 'written for .NET',
    );
    const { pairs, torn } = semicolonPairs(text.replace(dsn, ''), quoting);
    for (const [name, value] of pairs) oracleWorld.judge(draft, name, value);
    if (torn) problem(draft, null, tornPairs(quoting));
    return finish(draft);
  },
};
