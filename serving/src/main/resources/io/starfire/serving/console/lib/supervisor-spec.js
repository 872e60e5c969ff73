/** A supervisor spec, in Druid's JSON, of what was chosen step by step. */

export function specOf({brokers, topic, dataSource, format, names, time, timeFormat, columns, segment, query, rollup}) {
  const dimensions = columns.filter(column => column.use === 'dimension' && column.name !== time);
  const metrics = columns.filter(column => column.use === 'metric' && column.name !== time);
  return {
    type: 'kafka',
    spec: {
      dataSchema: {
        dataSource,
        timestampSpec: {column: time, format: timeFormat},
        dimensionsSpec: {dimensions: dimensions.map(({name, type}) => ({type, name}))},
        metricsSpec: [
          ...(rollup ? [{type: 'count', name: 'count'}] : []),
          ...metrics.map(({name, type}) => ({type: type === 'double' ? 'doubleSum' : 'longSum', name, fieldName: name})),
        ],
        granularitySpec: {type: 'uniform', segmentGranularity: segment, queryGranularity: query, rollup},
      },
      ioConfig: {
        topic,
        inputFormat: format === 'json' ? {type: 'json'} : {type: format, columns: names},
        consumerProperties: {'bootstrap.servers': brokers},
        useEarliestOffset: true,
      },
      tuningConfig: {type: 'kafka'},
    },
  };
}

/** What is missing, as a sentence; null if nothing is. */
export function missing({brokers, topic, dataSource, time, columns}) {
  if (columns.length === 0) {
    return 'Paste a few records first.';
  }
  if (!time) {
    return 'Choose the column that has the time of an event.';
  }
  if (!brokers.trim() || !topic.trim()) {
    return 'Name a broker and a topic.';
  }
  return /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/.test(dataSource) ? null : 'A data source has 1 to 128 letters, digits, _ or -, and begins with a letter or digit.';
}
