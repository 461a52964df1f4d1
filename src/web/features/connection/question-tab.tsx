import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { MessageCircleQuestionMark } from 'lucide-react';
import type { Connection } from '../../../contract/connections.ts';
import { client } from '../../api.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FoundTables } from '../ask/found-tables.tsx';
import { QuestionBox } from '../ask/question-box.tsx';
import { isSearchable } from '../databases/words.tsx';

const route = getRouteApi('/app/databases/$connectionId');

/** A question to this connection alone. */
export function QuestionTab({ connection }: { connection: Connection }) {
  const { q } = route.useSearch();
  const navigate = route.useNavigate();
  const { id, name } = connection;
  const answer = useQuery({
    queryKey: ['search', q, id, connection.lastReadAt],
    queryFn: ({ signal }) => client.search({ params: { id }, body: { question: q ?? '', limit: 10 } }, { signal }),
    enabled: Boolean(q) && isSearchable(connection),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  if (!isSearchable(connection)) {
    return (
      <EmptyState
        icon={<MessageCircleQuestionMark />}
        title={connection.isActive ? 'It can be asked as soon as its schema is read' : 'A disabled connection cannot be asked'}
      >
        {connection.isActive ? 'How far the reading is stands above.' : 'Whoever manages it can enable it again.'}
      </EmptyState>
    );
  }
  const found = answer.data && { ...answer.data, tables: answer.data.tables.map((table) => ({ ...table, connectionId: id })) };
  return (
    <div className="space-y-6">
      <QuestionBox
        label={`Your question to ${name}`}
        asked={q}
        busy={answer.isFetching}
        onAsk={(question) => void navigate({ search: (before) => ({ ...before, q: question }) })}
      />
      <FoundTables question={q} pending={answer.isPending} error={answer.error} retry={() => void answer.refetch()} found={found}>
        <EmptyState icon={<MessageCircleQuestionMark />} title={`Ask ${name} something`}>
          Say in words what you want to know. The tables that hold it are shown, with why each came up and how they join.
        </EmptyState>
      </FoundTables>
    </div>
  );
}
