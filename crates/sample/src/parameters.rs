//! `truth_parameters.csv`: the parameters of the processes, by the names that the crate has for them.

use crate::SampleValidParams;
use crate::table_text::TableText;

/// One row a parameter.
pub(crate) fn parameters_table(params: &SampleValidParams) -> TableText {
    let params = params.params();
    let mut table = TableText::default();
    for (name, value) in [
        ("purchase.r", params.purchase.r),
        ("purchase.alpha_weeks", params.purchase.alpha_weeks),
        ("purchase.a", params.purchase.a),
        ("purchase.b", params.purchase.b),
        ("spend.p", params.spend.p),
        ("spend.q", params.spend.q),
        ("spend.gamma", params.spend.gamma),
        ("early_share", params.early_share),
        ("guest_order_share", params.guest_order_share),
        ("return_share", params.return_share),
        ("second_key_share", params.second_key_share),
        ("company_share", params.company_share),
        ("household_share", params.household_share),
        ("complaint_share", params.complaint_share),
        ("complaint_dropout", params.complaint_dropout),
        ("campaign_lift", params.campaign_lift),
        ("control_share", params.control_share),
    ] {
        table.row(&[&name, &value]);
    }
    table
}
