using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Ringback.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "tenants",
                columns: table => new
                {
                    tenant_id = table.Column<int>(type: "INTEGER", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_tenants", x => x.tenant_id);
                });

            migrationBuilder.CreateTable(
                name: "api_keys",
                columns: table => new
                {
                    tenant_id = table.Column<int>(type: "INTEGER", nullable: false),
                    key_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    rights = table.Column<int>(type: "INTEGER", nullable: false),
                    hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    revoked_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_api_keys", x => new { x.tenant_id, x.key_id });
                    table.ForeignKey(
                        name: "fk_api_keys_tenants",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "tenant_id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "call_in_groups",
                columns: table => new
                {
                    tenant_id = table.Column<int>(type: "INTEGER", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    phone_numbers = table.Column<string>(type: "TEXT", nullable: false),
                    access_code_digits = table.Column<int>(type: "INTEGER", nullable: false),
                    expiry_seconds = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_call_in_groups", x => new { x.tenant_id, x.name });
                    table.ForeignKey(
                        name: "fk_call_in_groups_tenants",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "tenant_id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "credentials",
                columns: table => new
                {
                    tenant_id = table.Column<int>(type: "INTEGER", nullable: false),
                    app = table.Column<string>(type: "TEXT", nullable: false),
                    slot = table.Column<string>(type: "TEXT", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false),
                    project_name = table.Column<string>(type: "TEXT", nullable: false),
                    @sealed = table.Column<byte[]>(name: "sealed", type: "BLOB", nullable: false),
                    client_email_mask = table.Column<string>(type: "TEXT", nullable: false),
                    private_key_mask = table.Column<string>(type: "TEXT", nullable: false),
                    status = table.Column<int>(type: "INTEGER", nullable: false),
                    updated_at = table.Column<long>(type: "INTEGER", nullable: false),
                    updated_by = table.Column<string>(type: "TEXT", nullable: false),
                    last_check_at = table.Column<long>(type: "INTEGER", nullable: true),
                    last_check_result = table.Column<string>(type: "TEXT", nullable: true),
                    last_check_detail = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_credentials", x => new { x.tenant_id, x.app, x.slot });
                    table.ForeignKey(
                        name: "fk_credentials_tenants",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "tenant_id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "queues",
                columns: table => new
                {
                    tenant_id = table.Column<int>(type: "INTEGER", nullable: false),
                    queue_id = table.Column<int>(type: "INTEGER", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    epoch = table.Column<long>(type: "INTEGER", nullable: false),
                    settings = table.Column<string>(type: "TEXT", nullable: false),
                    settings_version = table.Column<int>(type: "INTEGER", nullable: false),
                    live = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_queues", x => new { x.tenant_id, x.queue_id });
                    table.ForeignKey(
                        name: "fk_queues_tenants",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "tenant_id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "callbacks",
                columns: table => new
                {
                    tenant_id = table.Column<int>(type: "INTEGER", nullable: false),
                    callback_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    queue_id = table.Column<int>(type: "INTEGER", nullable: false),
                    state = table.Column<int>(type: "INTEGER", nullable: false),
                    reason = table.Column<int>(type: "INTEGER", nullable: true),
                    phone_number = table.Column<string>(type: "TEXT", nullable: false),
                    language = table.Column<string>(type: "TEXT", nullable: false),
                    target_count = table.Column<int>(type: "INTEGER", nullable: false),
                    scheduled = table.Column<bool>(type: "INTEGER", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    desired_at = table.Column<long>(type: "INTEGER", nullable: false),
                    sort_key = table.Column<long>(type: "INTEGER", nullable: false),
                    live_ticket = table.Column<long>(type: "INTEGER", nullable: false),
                    returns_at = table.Column<long>(type: "INTEGER", nullable: true),
                    attempts_made = table.Column<int>(type: "INTEGER", nullable: false),
                    trunk_errors_in_row = table.Column<int>(type: "INTEGER", nullable: false),
                    upcoming = table.Column<int>(type: "INTEGER", nullable: false),
                    ready_round = table.Column<int>(type: "INTEGER", nullable: false),
                    ready_ends_at = table.Column<long>(type: "INTEGER", nullable: true),
                    processing_since = table.Column<long>(type: "INTEGER", nullable: true),
                    event_sequence = table.Column<int>(type: "INTEGER", nullable: false),
                    timeline_sequence = table.Column<int>(type: "INTEGER", nullable: false),
                    completed_at = table.Column<long>(type: "INTEGER", nullable: true),
                    user_data = table.Column<string>(type: "TEXT", nullable: true),
                    route_point = table.Column<string>(type: "TEXT", nullable: true),
                    survey_route_point = table.Column<string>(type: "TEXT", nullable: true),
                    priority = table.Column<int>(type: "INTEGER", nullable: true),
                    reporting = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_callbacks", x => new { x.tenant_id, x.callback_id });
                    table.ForeignKey(
                        name: "fk_callbacks_queues",
                        columns: x => new { x.tenant_id, x.queue_id },
                        principalTable: "queues",
                        principalColumns: new[] { "tenant_id", "queue_id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "settings_history",
                columns: table => new
                {
                    tenant_id = table.Column<int>(type: "INTEGER", nullable: false),
                    queue_id = table.Column<int>(type: "INTEGER", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false),
                    settings = table.Column<string>(type: "TEXT", nullable: false),
                    changed_by = table.Column<string>(type: "TEXT", nullable: false),
                    changed_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_settings_history", x => new { x.tenant_id, x.queue_id, x.version });
                    table.ForeignKey(
                        name: "fk_settings_history_queues",
                        columns: x => new { x.tenant_id, x.queue_id },
                        principalTable: "queues",
                        principalColumns: new[] { "tenant_id", "queue_id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "attempts",
                columns: table => new
                {
                    tenant_id = table.Column<int>(type: "INTEGER", nullable: false),
                    attempt_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    queue_id = table.Column<int>(type: "INTEGER", nullable: false),
                    callback_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    number = table.Column<int>(type: "INTEGER", nullable: false),
                    agent = table.Column<string>(type: "TEXT", nullable: false),
                    state = table.Column<int>(type: "INTEGER", nullable: false),
                    outcome = table.Column<int>(type: "INTEGER", nullable: true),
                    started_at = table.Column<long>(type: "INTEGER", nullable: false),
                    lease_ends_at = table.Column<long>(type: "INTEGER", nullable: false),
                    ended_at = table.Column<long>(type: "INTEGER", nullable: true),
                    answer = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_attempts", x => new { x.tenant_id, x.attempt_id });
                    table.ForeignKey(
                        name: "fk_attempts_callbacks",
                        columns: x => new { x.tenant_id, x.callback_id },
                        principalTable: "callbacks",
                        principalColumns: new[] { "tenant_id", "callback_id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "call_in_requests",
                columns: table => new
                {
                    tenant_id = table.Column<int>(type: "INTEGER", nullable: false),
                    request_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    callback_id = table.Column<byte[]>(type: "BLOB", nullable: true),
                    group_name = table.Column<string>(type: "TEXT", nullable: false),
                    to_phone_number = table.Column<string>(type: "TEXT", nullable: false),
                    from_phone_number = table.Column<string>(type: "TEXT", nullable: true),
                    access_code = table.Column<string>(type: "TEXT", nullable: true),
                    user_data = table.Column<string>(type: "TEXT", nullable: true),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    expires_at = table.Column<long>(type: "INTEGER", nullable: false),
                    matched_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_call_in_requests", x => new { x.tenant_id, x.request_id });
                    table.ForeignKey(
                        name: "fk_call_in_requests_callbacks",
                        columns: x => new { x.tenant_id, x.callback_id },
                        principalTable: "callbacks",
                        principalColumns: new[] { "tenant_id", "callback_id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_call_in_requests_tenants",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "tenant_id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "push_targets",
                columns: table => new
                {
                    tenant_id = table.Column<int>(type: "INTEGER", nullable: false),
                    callback_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    ordinal = table.Column<int>(type: "INTEGER", nullable: false),
                    type = table.Column<int>(type: "INTEGER", nullable: false),
                    address = table.Column<string>(type: "TEXT", nullable: false),
                    state = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_push_targets", x => new { x.tenant_id, x.callback_id, x.ordinal });
                    table.ForeignKey(
                        name: "fk_push_targets_callbacks",
                        columns: x => new { x.tenant_id, x.callback_id },
                        principalTable: "callbacks",
                        principalColumns: new[] { "tenant_id", "callback_id" },
                        onDelete: ReferentialAction.Restrict);
                });

            // By hand, for "without rowid", which EF cannot say: the rows of a callback then lie together in the order in which they are read.
            migrationBuilder.Sql(
                """
                create table timeline (
                    tenant_id INTEGER not null,
                    callback_id BLOB not null,
                    sequence INTEGER not null,
                    at INTEGER not null,
                    kind TEXT not null,
                    detail TEXT not null,
                    constraint pk_timeline primary key (tenant_id, callback_id, sequence),
                    constraint fk_timeline_callbacks foreign key (tenant_id, callback_id) references callbacks (tenant_id, callback_id) on delete restrict
                ) without rowid
                """);

            migrationBuilder.CreateTable(
                name: "outbox",
                columns: table => new
                {
                    tenant_id = table.Column<int>(type: "INTEGER", nullable: false),
                    notification_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    callback_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    @event = table.Column<string>(name: "event", type: "TEXT", nullable: false),
                    round = table.Column<int>(type: "INTEGER", nullable: false),
                    target_ordinal = table.Column<int>(type: "INTEGER", nullable: false),
                    payload = table.Column<string>(type: "TEXT", nullable: false),
                    state = table.Column<int>(type: "INTEGER", nullable: false),
                    attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    occurred_at = table.Column<long>(type: "INTEGER", nullable: false),
                    next_at = table.Column<long>(type: "INTEGER", nullable: false),
                    expires_at = table.Column<long>(type: "INTEGER", nullable: false),
                    lease_owner = table.Column<string>(type: "TEXT", nullable: true),
                    last_code = table.Column<string>(type: "TEXT", nullable: true),
                    last_at = table.Column<long>(type: "INTEGER", nullable: true),
                    finished_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_outbox", x => new { x.tenant_id, x.notification_id });
                    table.ForeignKey(
                        name: "fk_outbox_push_targets",
                        columns: x => new { x.tenant_id, x.callback_id, x.target_ordinal },
                        principalTable: "push_targets",
                        principalColumns: new[] { "tenant_id", "callback_id", "ordinal" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ux_api_keys_hash",
                table: "api_keys",
                columns: new[] { "tenant_id", "hash" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_attempts_callback",
                table: "attempts",
                columns: new[] { "tenant_id", "callback_id" });

            migrationBuilder.CreateIndex(
                name: "ix_attempts_live_agent",
                table: "attempts",
                columns: new[] { "tenant_id", "agent" },
                filter: "state = 0");

            migrationBuilder.CreateIndex(
                name: "ix_attempts_not_over",
                table: "attempts",
                columns: new[] { "tenant_id", "queue_id" },
                filter: "state <> 3");

            migrationBuilder.CreateIndex(
                name: "ix_call_in_requests_callback",
                table: "call_in_requests",
                columns: new[] { "tenant_id", "callback_id" },
                filter: "callback_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_call_in_requests_open",
                table: "call_in_requests",
                columns: new[] { "tenant_id", "expires_at" },
                filter: "matched_at is null");

            migrationBuilder.CreateIndex(
                name: "ix_callbacks_not_over",
                table: "callbacks",
                columns: new[] { "tenant_id", "queue_id" },
                filter: "state <> 4");

            migrationBuilder.CreateIndex(
                name: "ix_outbox_pending",
                table: "outbox",
                columns: new[] { "next_at", "tenant_id", "notification_id" },
                filter: "state = 0");

            migrationBuilder.CreateIndex(
                name: "ux_outbox_decision",
                table: "outbox",
                columns: new[] { "tenant_id", "callback_id", "target_ordinal", "event", "round" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_queues_name",
                table: "queues",
                columns: new[] { "tenant_id", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_tenants_name",
                table: "tenants",
                column: "name",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "api_keys");

            migrationBuilder.DropTable(
                name: "attempts");

            migrationBuilder.DropTable(
                name: "call_in_groups");

            migrationBuilder.DropTable(
                name: "call_in_requests");

            migrationBuilder.DropTable(
                name: "credentials");

            migrationBuilder.DropTable(
                name: "outbox");

            migrationBuilder.DropTable(
                name: "settings_history");

            migrationBuilder.DropTable(
                name: "timeline");

            migrationBuilder.DropTable(
                name: "push_targets");

            migrationBuilder.DropTable(
                name: "callbacks");

            migrationBuilder.DropTable(
                name: "queues");

            migrationBuilder.DropTable(
                name: "tenants");
        }
    }
}
