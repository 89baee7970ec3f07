"""Another client (Debian's python3-winrm) against the test server: what it prints is compared by the test. Arguments: address, user, password, transport, encryption."""
import json
import sys

from winrm.protocol import Protocol

address, user, password, transport, encryption = sys.argv[1:6]
client = Protocol(endpoint=address, transport=transport, username=user, password=password, server_cert_validation='ignore', message_encryption=encryption)
shell = client.open_shell(codepage=65001, env_vars={'GREETING': 'hello'})
command = client.run_command(shell, 'echo', ['"$GREETING there"; echo bad >&2; exit 7'])
out, err, code = client.get_command_output(shell, command)
client.cleanup_command(shell, command)
client.close_shell(shell)
print(json.dumps({'out': out.decode(), 'err': err.decode(), 'code': code}))
