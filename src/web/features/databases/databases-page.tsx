import { PageHead } from '../../ui/page-head.tsx';

export function DatabasesPage() {
  return <PageHead title="Databases" />;
}
