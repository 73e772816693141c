#!/usr/bin/env bash
# Installs what the named purpose needs and this machine lacks. Silent when
# nothing is missing; when it may not install, it says what to install.
#
#   scripts/bootstrap.sh up      to run the system
#   scripts/bootstrap.sh assets  to fetch the console's styles and scripts
#   scripts/bootstrap.sh test    to run everything that CI runs
set -euo pipefail
cd "$(dirname "$0")/.."

purpose=${1:-up}
missing=() # Debian packages

have() { command -v "$1" >/dev/null 2>&1; }

need() { # need COMMAND PACKAGE…
	local command=$1
	shift
	have "$command" || missing+=("$@")
}

# PostgreSQL 15 or newer, where localstack looks for it.
have_postgres() {
	local dirs=() dir version
	if [ -n "${XIAOBAO_POSTGRES_BIN:-}" ]; then
		dirs+=("$XIAOBAO_POSTGRES_BIN")
	else
		have initdb && dirs+=("$(dirname "$(readlink -f "$(command -v initdb)")")")
		dirs+=(/usr/lib/postgresql/*/bin)
	fi
	for dir in "${dirs[@]}"; do
		[ -x "$dir/postgres" ] && [ -x "$dir/initdb" ] || continue
		version=$("$dir/postgres" --version | sed -E 's/^[^0-9]*([0-9]+).*/\1/')
		[ "$version" -ge 15 ] && return 0
	done
	return 1
}

need_go() {
	local wanted
	wanted=$(sed -n 's/^go //p' go.mod)
	have go && return 0
	echo "Go $wanted or newer is needed and not on the PATH; see https://go.dev/doc/install" >&2
	exit 1
}

need_cjk_fonts() {
	have fc-list && [ -n "$(fc-list :lang=zh-cn 2>/dev/null | head -n 1)" ] && return 0
	missing+=(fontconfig fonts-noto-cjk)
}

need_node() {
	[ -f web/console/package.json ] || return 0
	need node nodejs
	need npm npm
}

# The whole of node_modules is only needed to make the console's assets.
need_node_if_stale() {
	[ "${ASSETS:-}" != no ] || return 0
	local done=web/console/assets/vendor/.done
	[ "$done" -nt web/console/package-lock.json ] && [ "$done" -nt web/console/build.mjs ] && return 0
	need_node
}

need_postgres() {
	have_postgres && return 0
	if [ -n "${XIAOBAO_POSTGRES_BIN:-}" ]; then
		echo "XIAOBAO_POSTGRES_BIN=$XIAOBAO_POSTGRES_BIN holds no PostgreSQL 15 or newer" >&2
		exit 1
	fi
	missing+=(postgresql)
}

install_missing() {
	[ ${#missing[@]} -gt 0 ] || return 0
	local sudo=()
	if [ "$(id -u)" -ne 0 ]; then
		sudo=(sudo -n)
	fi
	if ! have apt-get || ! "${sudo[@]}" true 2>/dev/null; then
		echo "These are missing: ${missing[*]} (names of Debian's packages)." >&2
		echo "Install them, on Debian and its kin as root:  apt-get update && apt-get install -y ${missing[*]}" >&2
		exit 1
	fi
	echo "installing ${missing[*]} …"
	case " ${missing[*]} " in
	*" postgresql "*)
		# We run a cluster of our own: Debian need not make and start one too.
		apt_install postgresql-common
		"${sudo[@]}" sed -i -E 's/^#?create_main_cluster *=.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf
		;;
	esac
	apt_install "${missing[@]}"
}

# apt_install uses the package list that is there, and fetches a new one only
# when that does not do. It uses its caller's "sudo".
apt_install() {
	local apt=("${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get)
	local quiet=(-y -qq --no-install-recommends -o Dpkg::Use-Pty=0)
	"${apt[@]}" install "${quiet[@]}" "$@" >/dev/null 2>&1 && return 0
	"${apt[@]}" update -qq
	"${apt[@]}" install "${quiet[@]}" "$@" >/dev/null
}

# The parameters of the tagger with which names and addresses are masked.
# Without them rules find most: to lack them stops nothing.
want_tagger() {
	[ -z "${XIAOBAO_LAC_DIR:-}" ] || return 0
	[ ! -d /usr/lib/python3/dist-packages/jieba/lac_small/model_baseline ] || return 0
	local sudo=()
	if [ "$(id -u)" -ne 0 ]; then
		sudo=(sudo -n)
	fi
	if have apt-get && "${sudo[@]}" true 2>/dev/null; then
		echo "installing python3-jieba …"
		apt_install python3-jieba 2>/dev/null && return 0
	fi
	echo "python3-jieba is not installed: names and addresses will be masked by rules alone" >&2
}

need_go
case $purpose in
up)
	[ -n "${XIAOBAO_DATABASE_URL:-}" ] || need_postgres
	need_node_if_stale
	;;
assets)
	need_node
	;;
test)
	need_postgres
	need_node
	need make make
	need gcc gcc libc6-dev # the race detector needs cgo
	need git git
	need chromium chromium
	need_cjk_fonts
	;;
*)
	echo "usage: $0 up|assets|test" >&2
	exit 2
	;;
esac
install_missing
case " ${missing[*]} " in
*" postgresql "*)
	have_postgres || {
		echo "Debian's PostgreSQL here is older than 15; install a newer one and name its folder in XIAOBAO_POSTGRES_BIN" >&2
		exit 1
	}
	;;
esac
[ "$purpose" = assets ] || want_tagger
