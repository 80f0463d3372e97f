#!/usr/bin/env bash
# consumer.sh FEED VERSION FOLDER: a program outside the repository that knows the packages in FEED only. It compiles the C# of every README as it is printed, one class for each block, and runs those
# of the packages' own READMEs (that of the repository's is samples/readme.cs, which runs there).
set -euo pipefail
feed=$1 version=$2 folder=$3
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
mkdir -p "$folder"
printf '<configuration><packageSources><add key="packed" value="%s" /></packageSources></configuration>\n' "$feed" >"$folder/nuget.config"
# Nothing of the repository's build reaches a project outside it.
packages=$(cd "$root/src" && for readme in */README.md; do
    [[ ${readme%/*} == Gmm.Cli ]] || printf '    <PackageReference Include="%s" Version="%s" />\n' "${readme%/*}" "$version"
done)
cat >"$folder/Consumer.csproj" <<XML
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <Nullable>enable</Nullable>
    <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
    <!-- Several packages ask for versions that not every registry has; the next one is taken. -->
    <WarningsNotAsErrors>NU1603</WarningsNotAsErrors>
    <NoWarn>CS8321</NoWarn>
  </PropertyGroup>
  <ItemGroup>
$packages
  </ItemGroup>
</Project>
XML

# Each block becomes a class: its usings stay at the top, directives of file-based programs (#:) go, the rest is the body of Run.
number=0 calls=""
for readme in "$root/README.md" "$root"/src/*/README.md; do
    blocks=$(grep -c '^```csharp' "$readme" || true)
    for ((block = 1; block <= blocks; block++)); do
        number=$((number + 1))
        awk -v want="$block" '/^```csharp/ { n++; inside = n == want; next } /^```/ { inside = 0 } inside' "$readme" >"$folder/block.txt"
        {
            echo "// $readme, block $block"
            grep -E '^using [A-Za-z_. ]+;' "$folder/block.txt" || true
            echo "internal static class Block$number"
            echo "{"
            echo "    public static void Run(string[] args)"
            echo "    {"
            grep -vE '^(using [A-Za-z_. ]+;|#:)' "$folder/block.txt"
            echo "    }"
            echo "}"
        } >"$folder/Block$number.cs"
        [[ $readme == "$root/README.md" ]] || calls+="Block$number.Run([]);"$'\n'
    done
done
rm -f "$folder/block.txt"
printf '%s' "$calls" >"$folder/Program.cs"
cd "$folder"
dotnet run -c Release
echo "compiled $number blocks of code"
