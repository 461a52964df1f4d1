import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Sparkles } from 'lucide-react';
import { client, queryClient } from '../../api.ts';
import { Button } from '../../ui/button.tsx';
import { explain } from '../../ui/error-panel.tsx';
import { notify } from '../../ui/notices.tsx';

/** One click for whoever has no database at hand: the sample is registered, and its page shows how it is read. */
export function SampleButton() {
  const navigate = useNavigate();
  const add = useMutation({
    mutationFn: () => client.addSampleConnection(),
    onSuccess: ({ id }) => {
      void queryClient.invalidateQueries({ queryKey: ['connections'] });
      void navigate({ to: '/databases/$connectionId', params: { connectionId: id } });
    },
    onError: (error) => notify(explain(error).detail, 'danger'),
  });
  return (
    <Button busy={add.isPending} icon={<Sparkles aria-hidden className="size-4" />} onClick={() => add.mutate()}>
      Try the sample database
    </Button>
  );
}
