import type { Command } from 'commander';
import type { Client } from '../../contract/client.ts';
import type { Member } from '../../contract/identity.ts';
import { type Role, roles } from '../../contract/permissions.ts';
import { oneOf, verb } from '../command.ts';
import { Failed } from '../failure.ts';
import { makeLinkOffline } from '../one-time-link.ts';
import { say, sayTable, show, timeOf } from '../print.ts';
import { askConsent } from '../questions.ts';
import { connect, everyPage } from '../server-client.ts';

const listMembers = (client: Client): Promise<Member[]> => everyPage((query) => client.listMembers({ query }));

/** The member of this e-mail address or id. */
async function findMember(client: Client, emailOrId: string): Promise<Member> {
  const wanted = emailOrId.trim().toLowerCase();
  const found = (await listMembers(client)).find((member) => member.id === wanted || member.user.email === wanted);
  if (!found)
    throw new Failed('member.unknown', `There is no member with the e-mail address or id ${emailOrId}: see \`portcullis members list\`.`);
  return found;
}

/** `portcullis members …` */
export function addMembers(program: Command): void {
  const members = program.command('members').description('the people of the organisation');

  verb(members, 'list', 'the members').action(async (options: { json?: true }) =>
    show(await listMembers(connect()), options, (all) =>
      sayTable(
        ['E-MAIL', 'NAME', 'ROLE', 'LAST SIGN-IN'],
        all.map(({ user, role, lastSignInAt }) => [user.email, user.name, role, lastSignInAt === null ? 'never' : timeOf(lastSignInAt)]),
        'There are no members.',
      ),
    ),
  );

  verb(members, 'invite <email>', 'make a one-time invitation link')
    .requiredOption('--role <role>', roles.join(', '), oneOf(roles))
    .action(async (email: string, options: { role: Role; json?: true }) =>
      show(await connect().inviteMember({ body: { email, role: options.role } }), options, (link) =>
        say(`Give this link to ${email}; it works once, until ${link.expiresAt}:`, link.url),
      ),
    );

  verb(members, 'role <member> <role>', 'change the role of a member, named by e-mail address or id').action(
    async (who: string, role: string, options: { json?: true }, command: Command) => {
      const wanted = roles.find((one) => one === role) ?? command.error(`error: the role must be one of ${roles.join(', ')}`);
      const client = connect();
      const { id } = await findMember(client, who);
      show(await client.changeMemberRole({ params: { id }, body: { role: wanted } }), options, (member) =>
        say(`${member.user.email} is ${member.role} now.`),
      );
    },
  );

  verb(members, 'remove <member>', 'remove a member, named by e-mail address or id; their keys and sign-ins end')
    .option('--yes', 'do not ask')
    .action(async (who: string, options: { yes?: true; json?: true }) => {
      const client = connect();
      const { id, user } = await findMember(client, who);
      if (!options.yes) await askConsent(`Remove ${user.email}? Their keys and sign-ins end.`, '--yes');
      await client.removeMember({ params: { id } });
      show({ id, removed: true }, options, () => say(`${user.email} is no member any more.`));
    });

  verb(members, 'password-link <member>', 'make a one-time link for a lost password of a member, named by e-mail address or id').action(
    async (who: string, options: { json?: true }) => {
      const client = connect();
      const { id, user } = await findMember(client, who);
      show(await client.createPasswordLink({ params: { id } }), options, (link) =>
        say(`Give this link to ${user.email}; it sets a new password once, until ${link.expiresAt}:`, link.url),
      );
    },
  );

  verb(members, 'reset <email>', 'with the server stopped: make a one-time link for a lost password').action(
    (email: string, options: { json?: true }) =>
      makeLinkOffline(
        (offline) => offline.resetMember(email),
        (until) => `Start the server; with this link ${email} then sets a new password, once, until ${until}:`,
        options,
      ),
  );
}
