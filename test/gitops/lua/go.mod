// The Lua that Argo CD runs health checks in, built from source: see ../programs.ts. For another version:
// `go get -tool github.com/yuin/gopher-lua/cmd/glua@VERSION` in this folder.
module tierwall.dev/lua

go 1.26.0

tool github.com/yuin/gopher-lua/cmd/glua

require (
	github.com/chzyer/readline v0.0.0-20180603132655-2972be24d48e // indirect
	github.com/yuin/gopher-lua v1.1.2 // indirect
	golang.org/x/sys v0.0.0-20190204203706-41f3e6584952 // indirect
)
