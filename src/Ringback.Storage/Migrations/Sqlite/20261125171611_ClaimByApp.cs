using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Ringback.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class ClaimByApp : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_outbox_pending",
                table: "outbox");

            migrationBuilder.AddColumn<string>(
                name: "app",
                table: "outbox",
                type: "TEXT",
                nullable: false,
                defaultValue: "default");

            // What waits is to be claimed by its own app. A message without one has null there; in its texts a quotation mark is escaped, so only a name of an app looks like this.
            migrationBuilder.Sql("update outbox set app = json_extract(payload, '$.app') where payload like '%\"app\":\"%'");

            migrationBuilder.CreateIndex(
                name: "ix_outbox_pending",
                table: "outbox",
                columns: new[] { "tenant_id", "app", "next_at", "notification_id" },
                filter: "state = 0");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_outbox_pending",
                table: "outbox");

            migrationBuilder.DropColumn(
                name: "app",
                table: "outbox");

            migrationBuilder.CreateIndex(
                name: "ix_outbox_pending",
                table: "outbox",
                columns: new[] { "tenant_id", "next_at", "notification_id" },
                filter: "state = 0");
        }
    }
}
