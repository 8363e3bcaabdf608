using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Ringback.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class AddUniqueAgentsAndCodes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_attempts_live_agent",
                table: "attempts");

            migrationBuilder.CreateTable(
                name: "access_codes",
                columns: table => new
                {
                    tenant_id = table.Column<int>(type: "INTEGER", nullable: false),
                    group_name = table.Column<string>(type: "TEXT", nullable: false),
                    code = table.Column<string>(type: "TEXT", nullable: false),
                    request_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    expires_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_access_codes", x => new { x.tenant_id, x.group_name, x.code });
                    table.ForeignKey(
                        name: "fk_access_codes_tenants",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "tenant_id",
                        onDelete: ReferentialAction.Restrict);
                });

            // Codes that are open now stay whose they are.
            migrationBuilder.Sql("""
                insert into access_codes (tenant_id, group_name, code, request_id, expires_at)
                select tenant_id, group_name, access_code, request_id, expires_at from call_in_requests
                where access_code is not null and matched_at is null
                order by expires_at desc
                on conflict (tenant_id, group_name, code) do nothing
                """);

            // An agent may have two live attempts where two queues were asked at the same instant: the older one is held like one whose lease is over.
            migrationBuilder.Sql("""
                update attempts set state = 2
                where state = 0 and exists (
                    select 1 from attempts later
                    where later.tenant_id = attempts.tenant_id and later.agent = attempts.agent and later.state = 0
                        and (later.started_at > attempts.started_at or (later.started_at = attempts.started_at and later.attempt_id > attempts.attempt_id)))
                """);

            migrationBuilder.CreateIndex(
                name: "ux_attempts_live_agent",
                table: "attempts",
                columns: new[] { "tenant_id", "agent" },
                unique: true,
                filter: "state = 0");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "access_codes");

            migrationBuilder.DropIndex(
                name: "ux_attempts_live_agent",
                table: "attempts");

            migrationBuilder.CreateIndex(
                name: "ix_attempts_live_agent",
                table: "attempts",
                columns: new[] { "tenant_id", "agent" },
                filter: "state = 0");
        }
    }
}
