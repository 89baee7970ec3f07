import { Skeleton, Stack } from '@mantine/core';

export function PageLoading() {
  return (
    <Stack gap="md" role="status" aria-busy="true" aria-label="Loading" p={4}>
      <Skeleton height={26} width={260} radius="sm" />
      <Skeleton height={180} radius="sm" />
      <Skeleton height={260} radius="sm" />
    </Stack>
  );
}
