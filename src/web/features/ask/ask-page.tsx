import { PageHead } from '../../ui/page-head.tsx';

export function AskPage() {
  return <PageHead title="Ask" />;
}
