// The example of an operations job: restart a service on a Windows host, then report how it stands.
export const windowsServiceFlow = `# Restarts a service on a Windows host and reports its state. The script gets the names as arguments: nothing is written into it.
flow: restart-service
title: Restart a Windows service
kind: job
timeZone: UTC
parameters:
  host: { type: string, title: Host, description: A target reached by WinRM }
  service: { type: string, title: Service, default: Spooler }
steps:
  restart:
    use: winrm.run
    title: Restart
    with:
      target: '{{ host }}'
      script: |
        param($Name)
        Restart-Service -Name $Name
        (Get-Service -Name $Name).WaitForStatus('Running', '00:01:00')
      arguments: ['{{ service }}']
      timeoutSeconds: 180
  state:
    use: winrm.run
    title: State
    after: restart
    with:
      target: '{{ host }}'
      script: |
        param($Name)
        Get-Service -Name $Name | Select-Object Name, DisplayName, @{ n = 'Status'; e = { "$($_.Status)" } } | ConvertTo-Json -Compress
      arguments: ['{{ service }}']
outputs:
  state: { value: steps.state.value.stdout, type: string, description: The service as JSON }
`;
