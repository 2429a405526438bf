# Puts Tierwall where main.mjs looks for it: the version that is asked for, else the action's own. No package's script is run.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
version=${TIERWALL_VERSION:-$(node -p 'JSON.parse(fs.readFileSync(process.argv[1])).version' "$here/../package.json")}
npm install --prefix "$RUNNER_TEMP/tierwall" --ignore-scripts --no-audit --no-fund --loglevel=error "tierwall@$version"
