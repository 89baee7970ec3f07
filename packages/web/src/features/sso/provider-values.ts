import type { SsoProvider } from '@tidewheel/contract/routes/sso';

/** What the form holds: texts where the API has null. */
export type ProviderValues = ReturnType<typeof valuesOf>;

export function valuesOf(provider: SsoProvider | null) {
  return {
    slug: provider?.slug ?? '',
    title: provider?.title ?? '',
    issuer: provider?.issuer ?? '',
    clientId: provider?.clientId ?? '',
    clientSecret: '',
    scopes: provider?.scopes ?? ['openid', 'email', 'profile'],
    emailDomains: provider?.emailDomains ?? [],
    emailTrust: provider?.emailTrust ?? ('claim' as const),
    provision: provider?.provision ?? false,
    linkByEmail: provider?.linkByEmail ?? false,
    groupsClaim: provider?.groupsClaim ?? 'groups',
    secondFactor: provider?.secondFactor ?? ('ours' as const),
    factorValues: provider?.factorValues ?? [],
    endSession: provider?.endSession ?? false,
    certificateAuthority: provider?.certificateAuthority ?? '',
    enabled: provider?.enabled ?? true,
    position: provider?.position ?? 0,
  };
}

export function bodyOf({ slug: _slug, clientSecret: _secret, certificateAuthority, ...values }: ProviderValues) {
  return { ...values, certificateAuthority: certificateAuthority.trim() || null };
}
