package io.starfire.segment.ingest;

/** Specs for tests. */
final class Specs {
  /** As in a Druid tutorial. */
  static final String TUTORIAL =
      """
      {
        "type": "kafka",
        "spec": {
          "dataSchema": {
            "dataSource": "metrics-kafka",
            "timestampSpec": {"column": "timestamp", "format": "auto"},
            "dimensionsSpec": {"dimensions": [], "dimensionExclusions": ["timestamp", "value"]},
            "metricsSpec": [
              {"name": "count", "type": "count"},
              {"name": "value_sum", "fieldName": "value", "type": "doubleSum"},
              {"name": "value_min", "fieldName": "value", "type": "doubleMin"},
              {"name": "value_max", "fieldName": "value", "type": "doubleMax"}
            ],
            "granularitySpec": {
              "type": "uniform", "segmentGranularity": "HOUR", "queryGranularity": "NONE"
            }
          },
          "ioConfig": {
            "topic": "metrics",
            "inputFormat": {"type": "json"},
            "consumerProperties": {"bootstrap.servers": "localhost:9092"},
            "taskCount": 1,
            "replicas": 1,
            "taskDuration": "PT1H"
          },
          "tuningConfig": {"type": "kafka", "maxRowsPerSegment": 5000000}
        }
      }
      """;

  /** A batch spec of separated values; its dimensions, metrics and format are parameters. */
  static String files(String dimensionsSpec, String metricsSpec, String inputFormat) {
    return """
        {
          "type": "index_parallel",
          "spec": {
            "dataSchema": {
              "dataSource": "files",
              "timestampSpec": {"column": "time", "format": "auto"},
              "dimensionsSpec": %s,
              "metricsSpec": %s,
              "granularitySpec": {"segmentGranularity": "DAY", "rollup": false}
            },
            "ioConfig": {"type": "index_parallel", "inputFormat": %s}
          }
        }
        """
        .formatted(dimensionsSpec, metricsSpec, inputFormat);
  }

  private Specs() {}
}
