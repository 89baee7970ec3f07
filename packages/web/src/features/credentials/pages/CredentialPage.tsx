import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconArchive, IconArrowBackUp, IconRefresh } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { archiveCredential, restoreCredential } from '@tidewheel/client/routes';
import type { Credential } from '@tidewheel/contract/routes/credentials';
import { api } from '../../../shared/api.ts';
import { ConfirmButton } from '../../../shared/ConfirmButton.tsx';
import { HistoryLink } from '../../../shared/HistoryLink.tsx';
import { Loaded } from '../../../shared/Loaded.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { PairList } from '../../../shared/PairList.tsx';
import classes from '../../../shared/Split.module.css';
import { StatusBadge } from '../../../shared/StatusBadge.tsx';
import { useCan } from '../../../shared/session.ts';
import { Time } from '../../../shared/Time.tsx';
import { wordsOf } from '../../../shared/words.ts';
import { CredentialTestCard } from '../CredentialTestCard.tsx';
import { CredentialUsers } from '../CredentialUsers.tsx';
import { credentialQuery, credentialTypesQuery } from '../credentials.queries.ts';
import { EditCredentialForm } from '../EditCredentialForm.tsx';
import { RotateDialog } from '../RotateDialog.tsx';

const route = getRouteApi('/app/credentials/$slug');

export function CredentialPage() {
  const { slug } = route.useParams();
  const query = useQuery(credentialQuery(slug));
  return <Loaded query={query}>{(credential) => <CredentialView key={credential.updatedAt} credential={credential} />}</Loaded>;
}

function CredentialView({ credential }: { credential: Credential }) {
  const canEdit = useCan('credential.edit') && credential.archivedAt === null;
  const types = useQuery(credentialTypesQuery);
  const typeTitle = types.data?.find((one) => one.type === credential.type)?.title ?? credential.type;
  const facts = (
    <>
      <StatusBadge state={credential.state} bare />
      <span className="tw-mono">{credential.slug}</span>
      <span>version {credential.version}</span>
      {credential.rotatedAt && (
        <span>
          rotated <Time at={credential.rotatedAt} relative />
        </span>
      )}
      {credential.expiresOn && <span>ends {credential.expiresOn}</span>}
      <HistoryLink id={credential.id} />
    </>
  );
  return (
    <>
      <PageHeader
        title={credential.title}
        above={<Link to="/credentials">Credentials</Link>}
        facts={facts}
        actions={canEdit && <CredentialActions credential={credential} />}
      />
      <div className={classes['split']}>
        <EditCredentialForm credential={credential} canEdit={canEdit} />
        <div className={classes['side']}>
          <CredentialUsers slug={credential.slug} />
          {canEdit && <CredentialTestCard slug={credential.slug} />}
          <section className={`tw-card ${classes['card']}`} aria-label="What is known of it">
            <PairList title="What is known of it" pairs={pairsOf(credential, typeTitle)} />
          </section>
        </div>
      </div>
    </>
  );
}

function pairsOf({ fields, facts, createdBy }: Credential, typeTitle: string): [string, string][] {
  const shown = Object.entries({ ...fields, ...facts }).filter(([name]) => name !== 'certificate');
  return [
    ['Type', typeTitle],
    ['Created by', createdBy],
    ...shown.map(([name, value]): [string, string] => [wordsOf(name), typeof value === 'string' ? value : JSON.stringify(value)]),
  ];
}

function CredentialActions({ credential }: { credential: Credential }) {
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const types = useQuery(credentialTypesQuery);
  const type = types.data?.find((one) => one.type === credential.type);
  const [isRotating, dialog] = useDisclosure(false);
  const refresh = () => queries.invalidateQueries({ queryKey: ['credentials'] });
  const restore = useMutation({ mutationFn: () => api.call(restoreCredential, { params: { slug: credential.slug } }), onSuccess: refresh });
  const force = credential.usedBy > 0 ? ('true' as const) : ('false' as const);
  const archive = useMutation({
    mutationFn: () => api.call(archiveCredential, { params: { slug: credential.slug }, query: { force } }),
    onSuccess: async () => {
      await refresh();
      await navigate({ to: '/credentials', search: {} });
    },
  });
  const used = `${credential.usedBy} ${credential.usedBy === 1 ? 'connection uses' : 'connections use'} it and will fail from then on.`;
  return (
    <>
      {credential.previousUntil && (
        <ConfirmButton
          ask={{ title: 'Put the former secret back?', text: 'The present one is erased.', confirm: 'Put it back' }}
          mutation={restore}
          leftSection={<IconArrowBackUp size={16} aria-hidden />}
        >
          Undo
        </ConfirmButton>
      )}
      <ConfirmButton
        ask={{
          title: 'Archive this credential?',
          text: `Its secret is erased for good. ${credential.usedBy > 0 ? used : 'Nothing uses it.'}`,
          confirm: credential.usedBy > 0 ? 'Archive nevertheless' : 'Archive',
          isDanger: true,
        }}
        mutation={archive}
        leftSection={<IconArchive size={16} aria-hidden />}
      >
        Archive
      </ConfirmButton>
      <Button onClick={dialog.open} disabled={!type} leftSection={<IconRefresh size={16} aria-hidden />}>
        Rotate
      </Button>
      {isRotating && type && <RotateDialog credential={credential} type={type} onClose={dialog.close} />}
    </>
  );
}
