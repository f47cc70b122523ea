// Reads a result with DuckDB and compares with what our own reader found; checks the JSON Schema and
// the scenarios with ajv.  node read.mjs RESULT SUMS SCHEMA
import { readFileSync, readdirSync, existsSync } from 'node:fs'
import { DuckDBInstance } from '@duckdb/node-api'
import Ajv from 'ajv/dist/2020.js'
import { parse } from 'smol-toml'

const [dir, sumsFile, schemaFile] = process.argv.slice(2)
const faults = []
const want = JSON.parse(readFileSync(sumsFile, 'utf8'))
const db = await (await DuckDBInstance.create(':memory:')).connect()
const rows = async (sql) => (await db.runAndReadAll(sql)).getRowsJson()
const quote = (s) => `'${s.replaceAll("'", "''")}'`
const name = (s) => `"${s.replaceAll('"', '""')}"`

const sumOf = (c) => ({
  VARCHAR: `sum(strlen(${name(c.name)}))`, BOOLEAN: `count_if(${name(c.name)})`, DOUBLE: `fsum(${name(c.name)})`,
})[c.type] ?? `sum(${name(c.name)})`

// check compares one file, as DuckDB reads it, with what our reader found.
async function check(table, file, source) {
  const { rows: n, columns } = want[table]
  const sql = columns.map((c) => `CAST(coalesce(${sumOf(c)}, 0) AS VARCHAR)`).join(', ')
  const [[count, ...sums]] = await rows(`SELECT CAST(count(*) AS VARCHAR), ${sql} FROM ${source}`)
  if (count !== String(n)) faults.push(`${file}: ${count} rows, want ${n}`)
  const found = (await rows(`DESCRIBE SELECT * FROM ${source}`)).map(([k, type]) => `${k} ${type}`).join(', ')
  const types = columns.map((c) => `${c.name} ${c.type}`).join(', ')
  if (found !== types) faults.push(`${file}: columns ${found}, want ${types}`)
  columns.forEach((c, i) => {
    const same = c.type === 'DOUBLE'
      ? Math.abs(Number(sums[i]) - Number(c.sum)) <= 1e-12 * c.size
      : sums[i] === c.sum
    if (!same) faults.push(`${file}: sum of ${c.name} is ${sums[i]}, want ${c.sum}`)
  })
  return columns.length
}

let files = 0
let columns = 0
for (const table of Object.keys(want)) {
  const types = want[table].columns.map((c) => `${quote(c.name)}: ${quote(c.type)}`).join(', ')
  const parquet = `${dir}/data/${table}.parquet`
  const csv = `${dir}/data/${table}.csv`
  const asCSV = `read_csv(${quote(csv)}, header = true, delim = ',', quote = '"', escape = '"', nullstr = '\\N', columns = {${types}})`
  const asParquet = `read_parquet(${quote(parquet)})`
  for (const [file, source] of [[parquet, asParquet], [csv, asCSV]]) {
    if (!existsSync(file)) continue
    columns += await check(table, file, source)
    files++
  }
  if (existsSync(parquet) && existsSync(csv)) { // row by row, to the last bit
    for (const [a, b] of [[asParquet, asCSV], [asCSV, asParquet]]) {
      const [[n]] = await rows(`SELECT CAST(count(*) AS VARCHAR) FROM (SELECT * FROM ${a} EXCEPT ALL SELECT * FROM ${b})`)
      if (n !== '0') faults.push(`${table}: ${n} rows of ${a} are not in ${b}`)
    }
  }
}
for (const table of ['organisations', 'ledger', 'flows', 'market_events', 'patients']) {
  if (!existsSync(`${dir}/data/${table}.parquet`)) faults.push(`${table}.parquet is missing`)
}

const ajv = new Ajv({ strict: true, strictTypes: false, allErrors: true })
const valid = ajv.compile(JSON.parse(readFileSync(schemaFile, 'utf8')))
let scenarios = 0
for (const file of readdirSync(`${dir}/scenarios`)) {
  const scenario = parse(readFileSync(`${dir}/scenarios/${file}`, 'utf8'))
  if (!valid(scenario)) faults.push(`${file}: ${ajv.errorsText(valid.errors)}`)
  for (const [what, spoil] of [
    ['an unknown key', (s) => { s.choice.minuets = 1 }], ['a word for a number', (s) => { s.choice.minutes = 'many' }],
    ['a value out of range', (s) => { s.choice.minutes = -1e9 }], ['a scenario without extends', (s) => { delete s.extends }],
  ]) {
    const spoilt = structuredClone(scenario)
    spoil(spoilt)
    if (valid(spoilt)) faults.push(`${file}: the schema accepts ${what}`)
  }
  scenarios++
}
if (files < 6 || scenarios === 0) faults.push(`${files} tables and ${scenarios} scenarios found`)
if (faults.length > 0) {
  console.error(faults.join('\n'))
  process.exit(1)
}
console.log(`other readers: ${files} tables, ${columns} columns, ${scenarios} scenarios`)
