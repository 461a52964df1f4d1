import { PageHead } from '../../ui/page-head.tsx';

export function ConnectionPage() {
  return <PageHead title="Connection" />;
}
