package io.starfire.serving.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.event.ColumnType;
import io.starfire.event.DataRowCodec;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.protocol.PublicationStatus;
import io.starfire.protocol.cluster.SupervisorRow;
import io.starfire.serving.metadata.StoreKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which schema a data source has, and when it gets another. */
class DataSourceSchemasTest {
  private static final DataSourceSchema ADS = with("ads");

  @TempDir Path directory;
  private CoordinatorRig rig;

  @BeforeEach
  void start() {
    rig = new CoordinatorRig(StoreKind.H2.location(directory));
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  private static DataSourceSchema with(String dataSource, String... moreDimensions) {
    DataSourceSchema schema = CoordinatorRig.schema(dataSource, Granularity.HOUR);
    List<DimensionSpec> dimensions =
        Stream.concat(
                schema.dimensions().stream(),
                Stream.of(moreDimensions).map(name -> new DimensionSpec(name, ColumnType.STRING)))
            .toList();
    return new DataSourceSchema(
        dataSource,
        dimensions,
        schema.metrics(),
        schema.segmentGranularity(),
        schema.queryGranularity(),
        schema.rollup());
  }

  private DataSourceSchema current(String dataSource) {
    return rig.coordinator.view().registration(dataSource).schema();
  }

  private DataSourceRegistration stored(String dataSource) {
    return rig.store.read(transaction -> DataSources.require(transaction, dataSource));
  }

  @Test
  void everySchemaThatADataSourceHadIsFoundByItsFingerprint() {
    DataSourceSchema wider = with("ads", "city");
    DataSourceRegistration unused =
        rig.coordinator.register(new DataSourceRegistration(wider, CoordinatorRig.TOPIC));
    assertThat(current("ads")).isEqualTo(wider);
    for (DataSourceSchema schema : List.of(ADS, wider)) {
      String fingerprint = DataRowCodec.of(schema).fingerprintHex();
      assertThat(rig.coordinator.realtime().schema("ads", fingerprint)).contains(schema);
    }
    assertThat(rig.coordinator.realtime().schema("ads", "0000000000000000")).isEmpty();
  }

  @Test
  void aSchemaThatIsPublishedDoesNotChangeTheBucketsOfRealTimeSegments() {
    assertThatThrownBy(() -> stage(CoordinatorRig.schema("ads", Granularity.DAY)))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
        .hasMessage(
            "data source 'ads' has real-time data in segments of one hour, so what is published"
                + " cannot have segments of one day; give it the same segmentGranularity, or"
                + " publish it under another name");
    assertThat(stored("ads").schema()).isEqualTo(ADS);
  }

  private PublicationStatus stage(DataSourceSchema schema) {
    Interval hour = CoordinatorRig.hour(10);
    String version = rig.version(hour);
    return rig.coordinator.register(
        CoordinatorRig.held(
                CoordinatorRig.request(hour, version, CoordinatorRig.hourly(hour, version, 10)))
            .withSchemas(List.of(schema)));
  }

  @Test
  void theSchemaOfAPublicationTakesEffectInTheViewInWhichItBecomesActive() {
    DataSourceSchema wider = with("ads", "city");
    PublicationStatus staged = stage(wider);
    assertThat(current("ads")).isEqualTo(ADS);
    PublicationStatus active = activate(staged);
    assertThat(rig.coordinator.view().number()).isEqualTo(active.viewNumber());
    assertThat(rig.coordinator.view().registration("ads"))
        .isEqualTo(new DataSourceRegistration(wider, CoordinatorRig.TOPIC));
  }

  private PublicationStatus activate(PublicationStatus staged) {
    PublicationStatus unused = rig.coordinator.activate(staged.id(), true);
    return rig.await(staged.id(), now -> now.state() == PublicationStatus.State.ACTIVE);
  }

  private void rollBack(PublicationStatus active) {
    assertThat(rig.coordinator.rollBack(active.id(), true).state())
        .isEqualTo(PublicationStatus.State.ROLLED_BACK);
  }

  private void register(DataSourceSchema schema) {
    DataSourceRegistration unused =
        rig.coordinator.register(new DataSourceRegistration(schema, CoordinatorRig.TOPIC));
  }

  @Test
  void rowsAreStoredByTheRegisteredSchemaWhileAPublicationWithItsColumnsIsInForce() {
    DataSourceSchema coarse =
        new DataSourceSchema(
            "ads", ADS.dimensions(), ADS.metrics(), Granularity.HOUR, Granularity.HOUR, true);
    String fingerprint = DataRowCodec.of(ADS).fingerprintHex();
    assertThat(DataRowCodec.of(coarse).fingerprintHex()).isEqualTo(fingerprint);
    PublicationStatus active = activate(stage(coarse));
    assertThat(current("ads")).isEqualTo(coarse);
    assertThat(stored("ads").schema()).isEqualTo(coarse);
    assertThat(rig.coordinator.realtime().schema("ads", fingerprint)).contains(ADS);
    rollBack(active);
    assertThat(current("ads")).isEqualTo(ADS);
    assertThat(stored("ads").schema()).isEqualTo(ADS);
  }

  @Test
  void anOlderPublicationThatIsActivatedLaterLeavesTheNewerSchemaInForce() {
    DataSourceSchema wide = with("ads", "city");
    DataSourceSchema wider = with("ads", "city", "zip");
    PublicationStatus older = stage(wide);
    PublicationStatus newer = stage(wider);
    activate(newer);
    assertThat(current("ads")).isEqualTo(wider);
    activate(older);
    assertThat(current("ads")).isEqualTo(wider);
    rollBack(newer);
    assertThat(current("ads")).as("the publication below is active").isEqualTo(wide);
    rollBack(older);
    assertThat(current("ads")).as("what the stream registered").isEqualTo(ADS);
    assertThat(stored("ads")).isEqualTo(new DataSourceRegistration(ADS, CoordinatorRig.TOPIC));
  }

  @Test
  void aSchemaThatWasRegisteredAfterARunBeganStaysInForceWhateverBecomesOfTheRun() {
    DataSourceSchema ofTheStream = with("ads", "browser");
    PublicationStatus staged = stage(with("ads", "city"));
    register(ofTheStream);
    activate(staged);
    assertThat(current("ads")).isEqualTo(ofTheStream);
    rollBack(staged);
    assertThat(current("ads")).isEqualTo(ofTheStream);
  }

  @Test
  void registeringTheSameAgainLeavesThePublishedSchemaInForceAndSurvivesItsRollback() {
    DataSourceSchema wider = with("ads", "city");
    PublicationStatus first = stage(wider);
    activate(first);
    long view = rig.coordinator.view().number();
    register(ADS);
    assertThat(rig.coordinator.view().number()).isEqualTo(view);
    assertThat(current("ads")).isEqualTo(wider);
    register(wider);
    rollBack(first);
    assertThat(current("ads")).as("the stream writes such rows").isEqualTo(wider);
  }

  @Test
  void aRunThatFailsAfterItIsRegisteredLeavesTheSchemaAsItWas() {
    PublicationStatus staged = stage(with("ads", "city"));
    PublicationStatus unused = rig.coordinator.abort(staged.id());
    assertThat(current("ads")).isEqualTo(ADS);
    assertThat(stored("ads")).isEqualTo(new DataSourceRegistration(ADS, CoordinatorRig.TOPIC));
    assertThatThrownBy(() -> stage(CoordinatorRig.schema("ads", Granularity.DAY)))
        .hasMessageContaining("give it the same segmentGranularity");
  }

  private DataSourceRegistration post(DataSourceSchema schema, boolean keepsDiscovered) {
    return rig.coordinator
        .supervisors()
        .put(
            new SupervisorRow(schema.name(), "{}", SupervisorRow.State.RUNNING, 0),
            new DataSourceRegistration(schema, "metrics"),
            keepsDiscovered);
  }

  @Test
  void theSchemaOfASupervisorStaysThatOfItsRows() {
    PublicationStatus staged = stage(with("ads", "city"));
    rig.store.write(
        transaction -> {
          transaction
              .supervisors()
              .put(new SupervisorRow("ads", "{}", SupervisorRow.State.RUNNING, 0));
          return "ads";
        });
    activate(staged);
    assertThat(current("ads")).isEqualTo(ADS);
    rollBack(staged);
    assertThat(current("ads")).isEqualTo(ADS);
  }

  @Test
  void dimensionsDiscoveredWhileASpecIsPostedStayKnown() {
    DataSourceRegistration unused = post(with("metrics"), false);
    rig.coordinator.realtime().extendSchema(with("metrics", "city"));
    assertThat(post(with("metrics"), true).schema()).isEqualTo(with("metrics", "city"));
    // What the new reader discovers does not begin with what the old one told in between.
    rig.coordinator.realtime().extendSchema(with("metrics", "browser"));
    assertThat(current("metrics")).isEqualTo(with("metrics", "city", "browser"));
    assertThat(post(with("metrics"), false).schema()).isEqualTo(with("metrics"));
  }

  @Test
  void columnsOfAnotherTypeAreNotTakenOver() {
    DataSourceSchema other =
        new DataSourceSchema(
            "ads",
            List.of(new DimensionSpec("publisher", ColumnType.LONG)),
            ADS.metrics(),
            Granularity.HOUR,
            Granularity.MINUTE,
            true);
    rig.coordinator.realtime().extendSchema(other);
    assertThat(current("ads")).isEqualTo(ADS);
  }

  @Test
  void whereReadingBeginsIsCommittedForAllPartitionsOrForNone() {
    var realtime = rig.coordinator.realtime();
    assertThatThrownBy(() -> realtime.commitStarts("ads", "other", "id", Map.of(0, 5L, 1, 7L)))
        .isInstanceOf(StarfireException.class);
    assertThat(realtime.committedOffsets("ads", "other")).isEmpty();
    realtime.commitStarts("ads", CoordinatorRig.TOPIC, "id", Map.of(0, 5L, 1, 7L));
    realtime.commitStarts("ads", CoordinatorRig.TOPIC, "id", Map.of(0, 6L, 1, 8L, 2, 9L));
    assertThat(realtime.committedOffsets("ads", CoordinatorRig.TOPIC))
        .isEqualTo(Map.of(0, 5L, 1, 7L));
    assertThat(rig.coordinator.view().committedOffsets("ads")).isEqualTo(Map.of(0, 5L, 1, 7L));
    assertThat(realtime.beginReading("ads", CoordinatorRig.TOPIC, "another")).isEqualTo("id");
  }
}
