import type { Explanation } from '../network/explanation.ts';
import type { Flavour } from './flavour.ts';
import { UnknownMethod } from './wire-error.ts';

/** What ways to sign in are that we do not have, by the names of their plugins. */
const told: Readonly<Record<string, string>> = {
  parsec: 'PARSEC',
  dialog: 'PAM, or something else that asks its own questions',
  mysql_clear_password: 'the password in clear, as PAM and LDAP have it',
  mysql_old_password: 'the digest of before MySQL 4.1',
  auth_gssapi_client: 'Kerberos or Windows',
  authentication_kerberos_client: 'Kerberos',
  authentication_windows_client: 'Windows',
  authentication_ldap_sasl_client: 'LDAP',
  authentication_oci_client: 'IAM of a cloud',
  authentication_openid_connect_client: 'OpenID Connect',
  authentication_fido_client: 'a security key',
  authentication_webauthn_client: 'a security key',
};
const longest = 64;

/** The name of a plugin, which came from whoever answers there: letters, digits and lines, and not many. */
const shownMethod = (name: string): string => name.slice(0, longest).replaceAll(/[^A-Za-z0-9_-]/g, '�');

/** That the account wants to sign in by a way that we do not have: which, and what to do. `error`: null where only that much is known. */
export function explainMethod(
  error: unknown,
  { manner, account }: Flavour,
): { readonly explanation: Explanation; readonly technical: string } {
  const { method, second } = error instanceof UnknownMethod ? error : { method: '', second: false };
  const name = shownMethod(method);
  const plugin = name === '' ? 'a plugin that it does not name' : `the plugin ${name}`;
  const way = Object.hasOwn(told, method) ? `${told[method]} (plugin ${name})` : plugin;
  return {
    explanation: {
      code: 'auth.unsupported',
      stage: 'auth',
      field: 'credentials.readOnly.username',
      happened: second
        ? `This account wants a second factor beside the password: ${way}. Portcullis signs in with a name and a password alone.`
        : `The server wants this account to sign in by ${way}, which Portcullis does not have.`,
      tryThis: [
        `Let an administrator make an account of ${manner.label} for Portcullis that signs in by ${account.by}: ${account.sql}`,
        ...(second ? ['It needs a long random password of its own, and may be held to the address that Portcullis comes from.'] : []),
      ],
    },
    technical: name === '' ? 'method_unknown' : `method_unknown, plugin ${name}`,
  };
}
