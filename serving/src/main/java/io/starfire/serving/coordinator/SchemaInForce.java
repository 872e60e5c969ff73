package io.starfire.serving.coordinator;

import io.starfire.common.Times;
import io.starfire.event.DataSourceSchema;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.protocol.PublicationStatus.State;
import io.starfire.serving.metadata.DataSourceTable.Registered;
import io.starfire.serving.metadata.MetadataTransaction;
import io.starfire.serving.metadata.PublicationRow;
import io.starfire.serving.metadata.PublicationTable.WithSchema;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which schema a data source has: the newest of the schema that was registered last and those of
 * its active publications. A publication is newer than another if its version is higher, and newer
 * than the registration if its version was handed out after that. For example: A is registered, and
 * a run publishes B. B is in force while the publication is active, and A is again when it is
 * rolled back. If C is registered after the run has got its version, C is in force, whatever
 * becomes of the publication.
 *
 * <p>So it does not matter in which order publications become active, and one that is rolled back
 * leaves no trace. The order is that of views and versions; clocks are not compared. A data source
 * that a supervisor loads always has the schema that its rows are read by. Stateless.
 */
final class SchemaInForce {
  private SchemaInForce() {}

  /** The ids of the active publications of a data source. */
  static Set<String> active(MetadataTransaction transaction, String dataSource) {
    return transaction.publications().inState(State.ACTIVE).stream()
        .filter(row -> row.dataSources().contains(dataSource))
        .map(PublicationRow::id)
        .collect(Collectors.toSet());
  }

  /** The schema that a data source has while these publications are active. */
  static DataSourceSchema with(
      MetadataTransaction transaction, String dataSource, Set<String> publications) {
    DataSourceRegistration present = DataSources.require(transaction, dataSource);
    if (transaction.supervisors().find(dataSource).isPresent()) {
      return present.schema();
    }
    Registered registered = transaction.dataSources().registered(dataSource).orElseThrow();
    DataSourceSchema newest = registered.schema();
    for (WithSchema publication : transaction.publications().withSchemas(dataSource)) {
      if (publications.contains(publication.id())
          && isNewer(transaction, publication, registered)
          && fitsTopic(present, registered.schema(), publication.schema())) {
        newest = publication.schema();
      }
    }
    return newest;
  }

  private static boolean isNewer(
      MetadataTransaction transaction, WithSchema publication, Registered registered) {
    long version = Times.parse(publication.version());
    return transaction.versions().viewNumber(publication.schema().name(), version).stream()
        .anyMatch(view -> view >= registered.viewNumber());
  }

  /** What the topic's rows are stored in does not change with a publication. */
  private static boolean fitsTopic(
      DataSourceRegistration present, DataSourceSchema registered, DataSourceSchema published) {
    return present.topic() == null
        || registered.segmentGranularity() == published.segmentGranularity();
  }
}
