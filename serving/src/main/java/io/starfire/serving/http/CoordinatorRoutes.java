package io.starfire.serving.http;

import io.javalin.http.Context;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.protocol.DataSourceFeed;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.protocol.PublicationRequest;
import io.starfire.protocol.VersionRequest;
import io.starfire.serving.broker.Previews;
import io.starfire.serving.role.CoordinatorApi;
import io.starfire.serving.view.View;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The coordinator's routes, under {@code /starfire/v1}. */
public final class CoordinatorRoutes implements Routes {
  private static final Logger LOG = LoggerFactory.getLogger(CoordinatorRoutes.class);
  private static final String V1 = "/starfire/v1";

  private final CoordinatorApi coordinator;
  private final Supplier<View> view;
  private final Previews previews;
  private final JsonBodies bodies;
  private final Feeds feeds;

  /**
   * @param view that queries use now
   * @param previews of staged publications
   * @param maxBodyBytes of a request
   * @param feeds told of each data source that was registered or changed
   */
  public CoordinatorRoutes(
      CoordinatorApi coordinator,
      Supplier<View> view,
      Previews previews,
      int maxBodyBytes,
      Feeds feeds) {
    this.coordinator = coordinator;
    this.view = view;
    this.previews = previews;
    this.bodies = new JsonBodies(maxBodyBytes);
    this.feeds = feeds;
  }

  /**
   * Who reads the topics of data sources.
   *
   * @param end told that a data source's topic is not to be read any more
   * @param begin told from where a data source is read
   */
  public record Feeds(Consumer<String> end, Consumer<DataSourceRegistration> begin) {}

  @Override
  public void addTo(RouteTable routes) {
    routes.post(V1 + "/versions", Access.WRITE, this::nextVersion);
    routes.post(V1 + "/publications", Access.WRITE, this::register);
    routes.get(V1 + "/publications", Access.READ, this::publications);
    routes.get(V1 + "/publications/{id}", Access.READ, this::publication);
    routes.get(V1 + "/publications/{id}/preview", Access.READ, this::preview);
    routes.post(V1 + "/publications/{id}/activate", Access.WRITE, this::activate);
    routes.post(V1 + "/publications/{id}/abort", Access.WRITE, this::abort);
    routes.post(V1 + "/publications/{id}/rollback", Access.WRITE, this::rollBack);
    routes.get(V1 + "/timeline/{dataSource}", Access.READ, this::timeline);
    routes.post(V1 + "/datasources", Access.WRITE, this::registerDataSource);
    routes.get(V1 + "/datasources", Access.READ, this::dataSources);
    routes.get(V1 + "/datasources/{name}/feed", Access.READ, this::feed);
    routes.post(V1 + "/datasources/{name}/feed", Access.WRITE, this::goOver);
    routes.get(V1 + "/datasources/{name}/schemas/{fingerprint}", Access.READ, this::schema);
  }

  private void nextVersion(Context context) {
    JsonBodies.answer(
        context, 200, coordinator.nextVersion(bodies.read(context, VersionRequest.class)));
  }

  private void register(Context context) {
    JsonBodies.answer(
        context, 201, coordinator.register(bodies.read(context, PublicationRequest.class)));
  }

  private void publications(Context context) {
    JsonBodies.answer(context, 200, coordinator.publications(context.queryParam("dataSource")));
  }

  private void publication(Context context) {
    JsonBodies.answer(context, 200, coordinator.publication(context.pathParam("id")));
  }

  private void preview(Context context) {
    JsonBodies.answer(context, 200, previews.of(context.pathParam("id")));
  }

  private void activate(Context context) {
    boolean acceptLoss = "true".equals(context.queryParam("acceptLoss"));
    JsonBodies.answer(context, 200, coordinator.activate(context.pathParam("id"), acceptLoss));
  }

  private void abort(Context context) {
    JsonBodies.answer(context, 200, coordinator.abort(context.pathParam("id")));
  }

  private void rollBack(Context context) {
    boolean acceptLoss = "true".equals(context.queryParam("acceptLoss"));
    JsonBodies.answer(context, 200, coordinator.rollBack(context.pathParam("id"), acceptLoss));
  }

  private void timeline(Context context) {
    String asked = context.queryParam("interval");
    Interval interval = asked == null ? Interval.ETERNITY : Interval.parse(asked);
    JsonBodies.answer(
        context, 200, TimelineResponse.of(view.get(), context.pathParam("dataSource"), interval));
  }

  private void registerDataSource(Context context) {
    DataSourceRegistration registration =
        coordinator.register(bodies.read(context, DataSourceRegistration.class));
    feeds.begin().accept(registration);
    JsonBodies.answer(context, 200, registration);
  }

  private void feed(Context context) {
    JsonBodies.answer(context, 200, coordinator.feed(context.pathParam("name")));
  }

  /**
   * Live rows of the old topic are gone before the new one is in force: they have no place in it.
   */
  private void goOver(Context context) {
    String name = context.pathParam("name");
    DataSourceFeed feed = bodies.read(context, DataSourceFeed.class);
    if (!feed.topic().equals(coordinator.feedBefore(name, feed).topic())) {
      feeds.end().accept(name);
    }
    try {
      JsonBodies.answer(context, 200, coordinator.feed(name, feed));
    } finally {
      beginAgain(name);
    }
  }

  /**
   * From the topic that is stored. If that cannot be told, nothing is read until the same is asked
   * for again: rows of one topic must not show with the offsets of another.
   */
  private void beginAgain(String name) {
    DataSourceRegistration shown = coordinator.dataSource(name);
    try {
      if (Objects.equals(coordinator.feed(name).topic(), shown.topic())) {
        feeds.begin().accept(shown);
      }
    } catch (StarfireException e) {
      LOG.warn("data source '{}' is not read for now: {}", name, e.getMessage());
    }
  }

  private void dataSources(Context context) {
    JsonBodies.answer(context, 200, coordinator.dataSources());
  }

  private void schema(Context context) {
    JsonBodies.answer(
        context,
        200,
        coordinator.schema(context.pathParam("name"), context.pathParam("fingerprint")));
  }
}
