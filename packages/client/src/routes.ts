// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
// biome-ignore-all lint/performance/noBarrelFile: one name to import from, and a module for each part of the API, so that a page's bundle has only the parts it calls

export { createDelegation, createGrant, createRole, deleteRole, endDelegation, explainAccess, listDelegations, listGrants, listObjectAccess, listRoleHolders, listRoles, resetRole, revokeGrant, showMatrix, showRole, updateRole } from './routes/access.ts';
export { decideApproval, listApprovals, showApproval } from './routes/approvals.ts';
export { exportAudit, listAudit, showAudit, showCheckpoint, showRetention, updateRetention } from './routes/audit.ts';
export { cancelBackfill, listBackfills, previewBackfill, showBackfill, startBackfill } from './routes/backfills.ts';
export { previewBulk, runBulk, startMany } from './routes/bulk.ts';
export { listChangeModules, listChanges, revertChange, showChange } from './routes/changes.ts';
export { archiveConnection, createConnection, listConnections, listConnectors, showConnection, testConnection, tryConnection, updateConnection } from './routes/connections.ts';
export { archiveCredential, createCredential, listCredentials, listCredentialTypes, restoreCredential, rewrapVault, rotateCredential, showCredential, showCredentialUsage, showVault, testCredential, updateCredential } from './routes/credentials.ts';
export { discardDeadLetter, listDeadLetters, replayDeadLetter, showDeadLetter } from './routes/dead-letters.ts';
export { drainWorker, pauseEngine, resumeEngine, showEngine, undrainWorker } from './routes/engine.ts';
export { downloadFile, listFiles, removeFile, uploadFile } from './routes/files.ts';
export { diffFlow, discardDraft, exportFlows, importFlows, publishDraft, restoreVersion, saveDraft, showDraft, switchFlowOff, switchFlowOn, testDraft } from './routes/flow-versions.ts';
export { applyFlow, archiveFlow, listFlows, listStepTypes, listVersions, restoreFlow, showFlow, validateFlow } from './routes/flows.ts';
export { acceptLink, createToken, inviteUser, listInvitations, listSessions, listTokens, listUsers, revokeInvitation, revokeSession, revokeToken, setRole, showLink, signIn, signOut, whoAmI } from './routes/identity.ts';
export { listOutbox, removeMailSettings, showMailSettings, testMail, updateMailSettings } from './routes/mail.ts';
export { listNotifications, raiseNotification } from './routes/notifications.ts';
export { addPasskey, beginPasskey, beginPasskeySignIn, listPasskeys, passkeySignIn, removePasskey, renamePasskey } from './routes/passkeys.ts';
export { downloadLog, listLogs, searchLogs } from './routes/run-logs.ts';
export { pauseRun, previewRerun, rerunRun, resumeRun } from './routes/run-operations.ts';
export { showWhy } from './routes/run-why.ts';
export { cancelRun, downloadArtifact, listArtifacts, listDeliveries, listEvents, listRuns, showPreview, showRun, showTable, startRun, streamEvents } from './routes/runs.ts';
export { beginSecondFactor, confirmSecondFactor, mailCode, removeSecondFactor, renewRecoveryCodes, resetSecondFactor, showSecondFactor, switchEmailCode } from './routes/second-factor.ts';
export { checkEgress, showSecuritySettings, updateSecuritySettings } from './routes/security.ts';
export { createSeparation, listSeparations, listViolations, removeSeparation } from './routes/separations.ts';
export { createServiceAccount, createServiceKey, deleteServiceAccount, listServiceAccounts, listServiceKeys, restoreServiceAccount, revokeServiceKey, rotateServiceKey, showServiceAccount, suspendServiceAccount, updateServiceAccount } from './routes/service-accounts.ts';
export { askVerification, changePassword, forgotPassword, register, resetPassword, revokeAllSessions, revokeMySessions, revokeUserSessions, sendPasswordReset, showAccountLink, showEntry, showSignInRules, updateSignInRules, verifyEmail } from './routes/sign-in.ts';
export { callBack, sendSignal, showCallback } from './routes/signals.ts';
export { beginSso, beginSsoLink, createSsoProvider, discoverSso, dryRunSso, finishSso, listMySsoLinks, listSsoChoices, listSsoLinks, listSsoProviders, passSsoFactor, removeSsoLink, removeSsoProvider, saveSsoMapping, showSsoProvider, updateSsoProvider } from './routes/sso.ts';
export { listWorkers, live, metrics, ping, ready } from './routes/system.ts';
export { archiveTargetGroup, createTargetGroup, listTargetGroups, previewTargetGroup, showTargetGroup, updateTargetGroup } from './routes/target-groups.ts';
export { changeTargets, exportTargets, importTargets, testTargets } from './routes/target-operations.ts';
export { archiveTarget, createTarget, endMaintenance, gatherTarget, listTargetRuns, listTargets, listTransports, restoreTarget, showTarget, startMaintenance, summarizeTargets, testTarget, tryTarget, updateTarget } from './routes/targets.ts';
export { logIn, refreshTokens, revokeEverything, verifyToken } from './routes/tokens.ts';
export { askEmailChange, confirmEmailChange, deleteUser, endUserSession, listUserSessions, listUserTokens, renameUser, restoreUser, revokeUserToken, showUser, suspendUser, updateProfile } from './routes/users.ts';
export { addMember, archiveWorkspace, createWorkspace, listMembers, listWorkspaces, removeMember, restoreWorkspace, showWorkspace, updateWorkspace } from './routes/workspaces.ts';
