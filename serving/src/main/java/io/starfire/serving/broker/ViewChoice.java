package io.starfire.serving.broker;

import io.starfire.serving.query.model.Query;
import io.starfire.serving.query.model.QueryChecks;
import io.starfire.serving.query.model.QueryContext;
import io.starfire.serving.query.result.ResponseContext;
import java.util.Set;

/** Takes the view that a query's context asks for; without a word the current one. */
final class ViewChoice {
  private ViewChoice() {}

  /**
   * The caller closes the lease when the query has ended.
   *
   * @param response is told which view it is
   * @throws io.starfire.common.StarfireException if there is no such view or publication, or it is
   *     not kept or not staged any more
   */
  static ViewReplica.Lease acquire(ViewReplica views, Query query, ResponseContext response) {
    QueryContext context = query.context();
    ViewReplica.Lease lease;
    if (context.starfirePublication().isPresent()) {
      String publication = context.starfirePublication().get();
      lease = views.acquireStaged(table(query), publication);
      response.put(ResponseContext.PUBLICATION, publication);
    } else if (context.starfireView().isPresent()) {
      lease = views.acquireEarlier(table(query), context.starfireView().getAsLong());
    } else {
      lease = views.acquire();
    }
    response.put(ResponseContext.VIEW, lease.view().number());
    return lease;
  }

  /** The one table whose view is chosen. */
  private static String table(Query query) {
    Set<String> tables = query.dataSource().tables();
    if (tables.size() != 1) {
      throw QueryChecks.invalid(
          "context.starfireView and context.starfirePublication choose what one table shows, but"
              + " the query reads %d: %s",
          tables.size(), String.join(", ", tables));
    }
    return tables.iterator().next();
  }
}
