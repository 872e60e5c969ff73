package io.starfire.serving.coordinator;

import io.starfire.protocol.DataSourceRegistration;
import io.starfire.protocol.cluster.DataSourceState;
import io.starfire.protocol.cluster.ViewSnapshot;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.serving.metadata.MetadataTransaction;
import io.starfire.serving.metadata.RealtimeOffsetTable;
import io.starfire.serving.view.View;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Makes views of what the metadata store holds, and of nothing else. Stateless. */
final class StoredViews {
  private StoredViews() {}

  /** The view of the current state in a transaction, with the number stored there. */
  static View read(MetadataTransaction transaction) {
    Map<String, List<SegmentDescriptor>> segments =
        transaction.segments().inViews().stream()
            .collect(Collectors.groupingBy(segment -> segment.id().dataSource()));
    Map<String, Map<Integer, Long>> offsets = offsets(transaction);
    List<DataSourceState> dataSources = new ArrayList<>();
    for (DataSourceRegistration registration : transaction.dataSources().all()) {
      String name = registration.schema().name();
      dataSources.add(
          new DataSourceState(
              registration,
              segments.getOrDefault(name, List.of()),
              offsets.getOrDefault(name, Map.of())));
    }
    return View.of(new ViewSnapshot(transaction.viewNumber(), dataSources));
  }

  /**
   * The view after a transaction. Data sources that the transaction changed are read; the others
   * are taken from the view before. If a view in between was missed, because the success of its
   * transaction was not reported, everything is read.
   *
   * @param changed the data sources in which the transaction changed anything that views show
   */
  static View next(View current, MetadataTransaction transaction, Collection<String> changed) {
    long following = transaction.viewNumber();
    if (following != current.number() + 1) {
      return read(transaction);
    }
    Map<String, Map<Integer, Long>> offsets = offsets(transaction);
    return current.followedBy(
        following,
        changed.stream()
            .map(
                name ->
                    new DataSourceState(
                        DataSources.require(transaction, name),
                        transaction.segments().inViews(name),
                        offsets.getOrDefault(name, Map.of())))
            .toList());
  }

  /** By data source and Kafka partition. */
  private static Map<String, Map<Integer, Long>> offsets(MetadataTransaction transaction) {
    Map<String, Map<Integer, Long>> offsets = new TreeMap<>();
    for (RealtimeOffsetTable.Row row : transaction.realtimeOffsets().all()) {
      offsets
          .computeIfAbsent(row.dataSource(), name -> new TreeMap<>())
          .put(row.kafkaPartition(), row.committedOffset());
    }
    return offsets;
  }
}
