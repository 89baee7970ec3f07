import { Text, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { iconNamed } from '../../../flow-editor/step-icons.ts';
import { Loaded } from '../../../shared/Loaded.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import classes from '../Credential.module.css';
import { credentialTypesQuery } from '../credentials.queries.ts';
import { NewCredentialForm } from '../NewCredentialForm.tsx';

const route = getRouteApi('/app/credentials/new');

/** First the type, then its form. */
export function NewCredentialPage() {
  const { type } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(credentialTypesQuery);
  return (
    <>
      <PageHeader title="New credential" above={<Link to="/credentials">Credentials</Link>} />
      <Loaded query={query}>
        {(types) => {
          const chosen = types.find((one) => one.type === type);
          if (chosen) return <NewCredentialForm type={chosen} />;
          return (
            <div className={classes['types']}>
              {types.map((one) => {
                const Icon = iconNamed(one.icon);
                return (
                  <UnstyledButton key={one.type} className={`tw-card ${classes['type']}`} onClick={() => void navigate({ search: { type: one.type } })}>
                    <Icon size={24} stroke={1.6} aria-hidden />
                    <span>
                      <Text fw={600} component="span" display="block">
                        {one.title}
                      </Text>
                      <Text size="sm" c="dimmed" component="span">
                        {one.description}
                      </Text>
                    </span>
                  </UnstyledButton>
                );
              })}
            </div>
          );
        }}
      </Loaded>
    </>
  );
}
