import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Database, MessageCircleQuestionMark } from 'lucide-react';
import { client } from '../../api.ts';
import { buttonLook } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { useDbConnectionsStore } from '../databases/use-db-connections-store.ts';
import { isSearchable } from '../databases/words.tsx';
import { FoundTables } from './found-tables.tsx';
import { QuestionBox } from './question-box.tsx';

const route = getRouteApi('/app/ask');

/** A question over every connection that I may ask. */
export function AskPage() {
  const { q } = route.useSearch();
  const navigate = route.useNavigate();
  const { connections, isLoading } = useDbConnectionsStore();
  const searchable = connections.filter(isSearchable).length;
  const answer = useQuery({
    queryKey: ['search', q],
    queryFn: ({ signal }) => client.searchEverywhere({ body: { question: q ?? '', limit: 20 } }, { signal }),
    enabled: Boolean(q),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  return (
    <>
      <PageHead title="Ask">
        Say in words what you want to know. Portcullis finds the tables that hold it, in every database you may ask, and says why.
      </PageHead>
      <div className="mb-6">
        <QuestionBox
          label="Your question"
          asked={q}
          busy={answer.isFetching}
          onAsk={(question) => void navigate({ search: { q: question } })}
        />
      </div>
      <FoundTables question={q} pending={answer.isPending} error={answer.error} retry={() => void answer.refetch()} found={answer.data}>
        {!isLoading && searchable === 0 ? (
          <EmptyState
            icon={<Database />}
            title="There is nothing to ask yet"
            action={
              <Link to="/databases" className={buttonLook('primary')}>
                To the databases
              </Link>
            }
          >
            A database can be asked as soon as its schema has been read.
          </EmptyState>
        ) : (
          <EmptyState icon={<MessageCircleQuestionMark />} title="Which tables hold the answer?">
            Names need not be known: “who paid late last month” finds invoices and payments.
          </EmptyState>
        )}
      </FoundTables>
    </>
  );
}
