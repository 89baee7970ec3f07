import { Group, Select, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { updateColorDeskSettings } from '@tidewheel/client/routes';
import type { ColorRuleSet } from '@tidewheel/contract/color-rule';
import type { ColorDeskSettings } from '@tidewheel/contract/routes/color-rules';
import { api } from '../../../shared/api.ts';
import { ErrorNotice } from '../../../shared/ErrorNotice.tsx';
import { Loaded } from '../../../shared/Loaded.tsx';
import { announce } from '../../../shared/notify.ts';
import { deskOrderQuery } from './rules.queries.ts';

const choices = {
  date: { title: 'Date', asc: 'oldest first', desc: 'newest first' },
  rank: { title: 'then rank', asc: 'lowest first', desc: 'highest first' },
  px: { title: 'then PX', asc: 'lowest first', desc: 'highest first' },
} as const;
const keys = ['date', 'rank', 'px'] as const;

/** By what the sheet is sorted; changed with one choice. */
export function SheetOrder({ canEdit }: { canEdit: boolean }) {
  const query = useQuery(deskOrderQuery);
  return (
    <section aria-labelledby="sheet-order">
      <Title order={2} id="sheet-order" mt="lg" mb={4}>
        Order of the sheet
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        Rows of one CUSIP stand together: the first in this order is the parent, the others follow as its children.
      </Text>
      <Loaded query={query} lines={2}>
        {(desk) => <OrderFields desk={desk} canEdit={canEdit} />}
      </Loaded>
    </section>
  );
}

function OrderFields({ desk, canEdit }: { desk: ColorDeskSettings; canEdit: boolean }) {
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: (order: ColorRuleSet['order']) => api.call(updateColorDeskSettings, { body: { order, revision: desk.revision } }),
    onSuccess: () => announce('The order is changed.'),
    onSettled: () => queries.invalidateQueries({ queryKey: ['color-rules', 'order'] }),
  });
  return (
    <>
      <Group gap="sm">
        {keys.map((key) => (
          <Select
            key={key}
            label={choices[key].title}
            w={170}
            disabled={!canEdit || save.isPending}
            allowDeselect={false}
            data={[
              { value: 'asc', label: choices[key].asc },
              { value: 'desc', label: choices[key].desc },
            ]}
            value={desk.order[key]}
            onChange={(direction) => save.mutate({ ...desk.order, [key]: direction === 'asc' ? 'asc' : 'desc' })}
          />
        ))}
      </Group>
      {save.error && <ErrorNotice error={save.error} />}
    </>
  );
}
