/** The names that a query may use: tables, columns and functions. */
import {get, post} from './server.js';

const FUNCTIONS = `SELECT DISTINCT ROUTINE_NAME FROM INFORMATION_SCHEMA.ROUTINES`;

/** [{name, columns: [{name, type}]}] */
export async function loadTables() {
  const registered = await get('/starfire/v1/datasources');
  return registered.map(({schema}) => ({name: schema.name, columns: columnsOf(schema)}));
}

function columnsOf(schema) {
  return [
    {name: '__time', type: 'time'},
    ...schema.dimensions.map(({name, type}) => ({name, type: type.toLowerCase()})),
    ...schema.metrics.map(({name, aggregation}) => ({name, type: aggregation.toLowerCase().replaceAll('_', ' ')})),
  ];
}

/** Names of the functions of SQL; none if the server does not tell. */
export async function loadFunctions() {
  try {
    const rows = await post('/druid/v2/sql', {query: FUNCTIONS, resultFormat: 'array'});
    return rows.map(([name]) => name).sort();
  } catch {
    return [];
  }
}
