import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Database, LogOut, MessageCircleQuestionMark, Moon, Plus, Sun, Table2 } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { client } from '../../api.ts';
import { nameOf } from '../connection/table-name.ts';
import { useDbConnectionsStore } from '../databases/use-db-connections-store.ts';
import { environments } from '../databases/words.tsx';
import { signOut } from '../entrance/sign-in.ts';
import { useMe } from './me.ts';
import { places } from './places.ts';
import { setTheme } from './theme.ts';

/** Something the palette leads to. */
export interface Entry {
  readonly key: string;
  readonly group: 'Connections' | 'Pages' | 'Actions' | 'Tables';
  readonly label: string;
  readonly says?: string;
  readonly icon: ReactNode;
  readonly go: () => void;
}

/** A text that has stood still for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), 180);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

const fits = (text: string, ...in_: readonly string[]): boolean => {
  const hay = in_.join(' ').toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => hay.includes(word));
};

/** What fits the text: at once what the page knows, a moment later the tables that the server finds. */
export function useEntries(text: string): { entries: Entry[]; busy: boolean } {
  const me = useMe();
  const navigate = useNavigate();
  const { connections } = useDbConnectionsStore();
  const question = useSettled(text.trim());
  const tables = useQuery({
    queryKey: ['search', question, 'palette'],
    queryFn: ({ signal }) => client.searchEverywhere({ body: { question, limit: 6 } }, { signal }),
    enabled: question.length > 2,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });

  const known: Entry[] = [
    ...connections.map(({ id, name, environment, description }): Entry & { words: string } => ({
      key: id,
      group: 'Connections',
      label: name,
      says: environments[environment],
      words: description,
      icon: <Database />,
      go: () => void navigate({ to: '/databases/$connectionId', params: { connectionId: id } }),
    })),
    ...places
      .filter((place) => me.can(place.needs))
      .map(({ to, label, icon: Icon }): Entry => ({ key: to, group: 'Pages', label, icon: <Icon />, go: () => void navigate({ to }) })),
    ...(me.can('connection:create')
      ? [
          {
            key: 'add',
            group: 'Actions',
            label: 'Add a database',
            icon: <Plus />,
            go: () => void navigate({ to: '/databases', search: { add: true } }),
          } as const,
        ]
      : []),
    { key: 'dark', group: 'Actions', label: 'Dark theme', icon: <Moon />, go: () => setTheme('dark') },
    { key: 'light', group: 'Actions', label: 'Light theme', icon: <Sun />, go: () => setTheme('light') },
    { key: 'out', group: 'Actions', label: 'Sign out', icon: <LogOut />, go: () => void signOut() },
  ];
  const asking: Entry[] = question
    ? [
        {
          key: 'ask',
          group: 'Tables',
          label: `Ask: ${question}`,
          icon: <MessageCircleQuestionMark />,
          go: () => void navigate({ to: '/ask', search: { q: question } }),
        },
      ]
    : [];
  const found = (question.length > 2 ? (tables.data?.tables ?? []) : []).map(
    ({ schema, table, connectionId, connectionName }): Entry => ({
      key: `${connectionId} ${schema}.${table}`,
      group: 'Tables',
      label: `${schema}.${table}`,
      says: connectionName,
      icon: <Table2 />,
      go: () =>
        void navigate({
          to: '/databases/$connectionId',
          params: { connectionId },
          search: { tab: 'schema', table: nameOf({ schema, name: table }) },
        }),
    }),
  );
  const entries = [...known.filter(({ label, says = '', group }) => fits(text, label, says, group)), ...found, ...asking];
  return { entries, busy: tables.isFetching };
}
