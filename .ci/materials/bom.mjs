// Writes what licences.go lists as a CycloneDX bill of materials, and has it checked against the schema of
// CycloneDX.  node bom.mjs VERSION LICENCES >BOM
import { readFileSync } from 'node:fs'
import * as CDX from '@cyclonedx/cyclonedx-library'

const [version, file] = process.argv.slice(2)
const { Models, Enums, Serialize, Spec, Validation } = CDX
const bom = new Models.Bom()
const program = new Models.Component(Enums.ComponentType.Application, 'coexist', { version, bomRef: 'coexist' })
bom.metadata.component = program
for (const line of readFileSync(file, 'utf8').trim().split('\n').slice(1)) {
  const [module, release, licence] = line.split(',')
  const purl = `pkg:golang/${module.split('/').map(encodeURIComponent).join('/')}@${encodeURIComponent(release)}`
  const part = new Models.Component(Enums.ComponentType.Library, module, { version: release, bomRef: purl, purl, scope: Enums.ComponentScope.Required })
  part.licenses.add(new Models.SpdxLicense(licence))
  bom.components.add(part)
  program.dependencies.add(part.bomRef)
}
const spec = Spec.Spec1dot6
const text = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(spec)).serialize(bom, { sortLists: true, space: 2 })
const faults = await new Validation.JsonStrictValidator(spec.version).validate(text)
if (faults !== null) {
  console.error(JSON.stringify(faults))
  process.exit(1)
}
console.log(text)
