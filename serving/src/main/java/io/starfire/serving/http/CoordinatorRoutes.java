package io.starfire.serving.http;

import io.javalin.http.Context;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.protocol.DataSourceFeed;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.protocol.PublicationRequest;
import io.starfire.protocol.PublicationStatus;
import io.starfire.protocol.VersionRequest;
import io.starfire.serving.access.Identity;
import io.starfire.serving.access.Role;
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
    routes.post(V1 + "/versions", Access.WRITE_NAMED, this::nextVersion);
    routes.post(V1 + "/publications", Access.WRITE_NAMED, this::register);
    routes.get(V1 + "/publications", Access.READ_NAMED, this::publications);
    routes.get(V1 + "/publications/{id}", Access.READ_NAMED, this::publication);
    routes.get(V1 + "/publications/{id}/preview", Access.READ_NAMED, this::preview);
    routes.post(V1 + "/publications/{id}/activate", Access.WRITE_NAMED, this::activate);
    routes.post(V1 + "/publications/{id}/abort", Access.WRITE_NAMED, this::abort);
    routes.post(V1 + "/publications/{id}/rollback", Access.WRITE_NAMED, this::rollBack);
    routes.get(V1 + "/timeline/{dataSource}", Access.READ_NAMED, this::timeline);
    routes.post(V1 + "/datasources", Access.WRITE_NAMED, this::registerDataSource);
    routes.get(V1 + "/datasources", Access.READ_NAMED, this::dataSources);
    routes.get(V1 + "/datasources/{name}/feed", Access.READ_NAMED, this::feed);
    routes.post(V1 + "/datasources/{name}/feed", Access.WRITE_NAMED, this::goOver);
    routes.get(V1 + "/datasources/{name}/schemas/{fingerprint}", Access.READ_NAMED, this::schema);
  }

  private void nextVersion(Context context) {
    VersionRequest request = bodies.read(context, VersionRequest.class);
    Callers.require(context, Role.WRITE, request.dataSources());
    JsonBodies.answer(context, 200, coordinator.nextVersion(request));
  }

  private void register(Context context) {
    PublicationRequest request = bodies.read(context, PublicationRequest.class);
    Callers.require(context, Role.WRITE, request.dataSources());
    JsonBodies.answer(context, 201, coordinator.register(request));
  }

  private void publications(Context context) {
    Identity caller = Callers.of(context);
    JsonBodies.answer(
        context,
        200,
        coordinator.publications(context.queryParam("dataSource")).stream()
            .filter(one -> one.dataSources().stream().allMatch(name -> caller.may(Role.READ, name)))
            .toList());
  }

  private void publication(Context context) {
    JsonBodies.answer(context, 200, publication(context, Role.READ));
  }

  /** The one that the path names, if the caller has the role for all its data sources. */
  private PublicationStatus publication(Context context, Role role) {
    PublicationStatus publication = coordinator.publication(context.pathParam("id"));
    Callers.require(context, role, publication.dataSources());
    return publication;
  }

  private void preview(Context context) {
    JsonBodies.answer(context, 200, previews.of(publication(context, Role.READ).id()));
  }

  private void activate(Context context) {
    boolean acceptLoss = "true".equals(context.queryParam("acceptLoss"));
    JsonBodies.answer(
        context, 200, coordinator.activate(publication(context, Role.WRITE).id(), acceptLoss));
  }

  private void abort(Context context) {
    JsonBodies.answer(context, 200, coordinator.abort(publication(context, Role.WRITE).id()));
  }

  private void rollBack(Context context) {
    boolean acceptLoss = "true".equals(context.queryParam("acceptLoss"));
    JsonBodies.answer(
        context, 200, coordinator.rollBack(publication(context, Role.WRITE).id(), acceptLoss));
  }

  private void timeline(Context context) {
    String asked = context.queryParam("interval");
    Interval interval = asked == null ? Interval.ETERNITY : Interval.parse(asked);
    String dataSource = context.pathParam("dataSource");
    Callers.require(context, Role.READ, dataSource);
    JsonBodies.answer(context, 200, TimelineResponse.of(view.get(), dataSource, interval));
  }

  private void registerDataSource(Context context) {
    DataSourceRegistration asked = bodies.read(context, DataSourceRegistration.class);
    Callers.require(context, Role.WRITE, asked.schema().name());
    DataSourceRegistration registration = coordinator.register(asked);
    feeds.begin().accept(registration);
    JsonBodies.answer(context, 200, registration);
  }

  private void feed(Context context) {
    JsonBodies.answer(context, 200, coordinator.feed(name(context, Role.READ)));
  }

  /**
   * Live rows of the old topic are gone before the new one is in force: they have no place in it.
   */
  private void goOver(Context context) {
    String name = name(context, Role.WRITE);
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

  /** Those that the caller may see. */
  private void dataSources(Context context) {
    Identity caller = Callers.of(context);
    JsonBodies.answer(
        context,
        200,
        coordinator.dataSources().stream()
            .filter(one -> caller.may(Role.READ, one.schema().name()))
            .toList());
  }

  /** The data source that the path names, if the caller has the role for it. */
  private static String name(Context context, Role role) {
    String name = context.pathParam("name");
    Callers.require(context, role, name);
    return name;
  }

  private void schema(Context context) {
    JsonBodies.answer(
        context,
        200,
        coordinator.schema(name(context, Role.READ), context.pathParam("fingerprint")));
  }
}
