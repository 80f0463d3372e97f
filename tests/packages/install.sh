#!/usr/bin/env bash
# install.sh FEED VERSION FOLDER: installs the packed tool into an empty folder and runs it there.
set -euo pipefail
feed=$1 version=$2 folder=$3
mkdir -p "$folder/empty"
printf '<configuration><packageSources><clear /><add key="packed" value="%s" /></packageSources></configuration>\n' "$feed" >"$folder/empty/nuget.config"
cd "$folder/empty"
dotnet tool install Gmm.Cli --version "$version" --tool-path "$folder/tool"
"$folder/tool/gmm" --version
"$folder/tool/gmm" demo --real --json >demo.json
[[ -s gmm-demo-real/fsc.png && -s gmm-demo-real/refined/run_half1_unfil.mrc ]]
